import { Copy } from 'lucide-react';
import { useRef } from 'react';
import * as m from '@/paraglide/messages';
import { Button } from './Button';
import css from './CopyField.module.css';
import { toast } from './toast';

/** A secret that is shown once, to be taken along. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const field = useRef<HTMLInputElement>(null);
  async function copy() {
    try {
      // The clipboard exists only on https and localhost; elsewhere the text is selected for Ctrl+C.
      await navigator.clipboard.writeText(value);
      toast.success(m.ui_copied());
    } catch {
      field.current?.select();
      toast.warning(m.ui_copy_failed());
    }
  }
  return (
    <div className={css.line}>
      <input ref={field} readOnly value={value} aria-label={label} onFocus={(event) => event.currentTarget.select()} />
      <Button icon={<Copy size={15} aria-hidden />} onClick={() => void copy()}>
        {m.ui_copy()}
      </Button>
    </div>
  );
}
