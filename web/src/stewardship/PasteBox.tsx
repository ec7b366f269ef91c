import { useState } from 'react';
import { api } from '@/api/client';
import * as m from '@/paraglide/messages';
import { Button } from '@/ui/Button';
import { listed } from '@/ui/format';
import { Textarea } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import css from './stewardship.module.css';
import type { Parsed } from './types';

/** A signature or a line of a chat, pasted and sorted into the form's fields (S64). Nothing is saved by it. */
export function PasteBox({ onParsed }: { onParsed: (found: Parsed) => void }) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const [reading, setReading] = useState(false);
  const [rest, setRest] = useState<string[]>();

  async function read() {
    if (!text.trim()) return;
    setReading(true);
    try {
      const found = await api.post<Parsed>('/customers/parse', { body: { text } });
      onParsed(found);
      setRest(found.rest);
    } catch (error) {
      toast.problem(error);
    } finally {
      setReading(false);
    }
  }

  if (!open) {
    return (
      <div>
        <Button size="sm" variant="ghost" onClick={() => setOpen(true)}>
          {m.stewardship_paste()}
        </Button>
      </div>
    );
  }
  return (
    <div className={css.paste}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the text area inside is what is typed into; Ctrl+Enter reads, as Enter alone belongs to the text */}
      <div
        role="presentation"
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            void read();
          }
        }}
      >
        <Textarea
          label={m.stewardship_paste_label()}
          placeholder={m.stewardship_paste_example()}
          autoFocus
          value={text}
          onChange={setText}
        />
      </div>
      <div className={css.pasteFoot}>
        <Button size="sm" loading={reading} onClick={() => void read()}>
          {m.stewardship_paste_read()}
        </Button>
        <span role="status">
          {rest && (rest.length > 0 ? m.stewardship_paste_rest({ rest: listed(rest) }) : m.stewardship_paste_done())}
        </span>
      </div>
    </div>
  );
}
