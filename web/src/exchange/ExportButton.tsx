import { Download } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useCan } from '@/api/session';
import type { ExchangeKind } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';

const ExportDialog = lazy(() => import('./ExportDialog'));

/** 导出 above a list: what the list shows, with its filters and its order. */
export function ExportButton({ kind, filter }: { kind: ExchangeKind; filter: Record<string, unknown> }) {
  const can = useCan();
  const [open, setOpen] = useState(false);
  if (!can('export_records')) return null;
  return (
    <>
      <Button icon={<Download size={16} aria-hidden />} onClick={() => setOpen(true)}>
        {m.exchange_export()}
      </Button>
      {open && (
        <Suspense fallback={null}>
          <ExportDialog kind={kind} filter={filter} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
