import { useNavigate } from '@tanstack/react-router';
import { Download, Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import { messageOf, Problem } from '@/api/problem';
import { useCan } from '@/api/session';
import type { ExchangeKind } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button, buttonClass } from '@/ui/Button';
import { Checkbox, RadioGroup } from '@/ui/Choice';
import { percent } from '@/ui/format';
import { Card } from '@/ui/Page';
import css from './exchange.module.css';
import { sendFile } from './send-file';

/** Takes a file in and goes on to its columns; the templates are beside it (I32). */
export function NewImport() {
  const can = useCan();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const kinds = (
    [
      { value: 'customers', label: m.exchange_customers(), needs: 'edit_customers' },
      { value: 'opportunities', label: m.exchange_opportunities(), needs: 'edit_opportunities' },
    ] as const
  ).filter((kind) => can(kind.needs));
  const [kind, setKind] = useState<ExchangeKind>(kinds[0]?.value ?? 'customers');
  const [byRules, setByRules] = useState(false);
  const [share, setShare] = useState<number>();
  const [error, setError] = useState<string>();

  async function send(file: File) {
    setError(undefined);
    setShare(0);
    try {
      const sent = await sendFile(file, { kind, byRules: byRules && kind === 'customers' }, setShare);
      await navigate({ to: '/imports/$id', params: { id: String(sent.id) } });
    } catch (problem) {
      setError((problem instanceof Problem && problem.fields[0]?.message) || messageOf(problem));
    } finally {
      setShare(undefined);
    }
  }

  return (
    <Card
      title={m.exchange_new_import()}
      actions={
        <>
          <a className={buttonClass({ size: 'sm' })} href="/api/v1/templates/customers.xlsx">
            <Download size={14} aria-hidden />
            {m.exchange_template_customers()}
          </a>
          <a className={buttonClass({ size: 'sm' })} href="/api/v1/templates/opportunities.xlsx">
            <Download size={14} aria-hidden />
            {m.exchange_template_opportunities()}
          </a>
        </>
      }
    >
      <div className={css.stack}>
        <RadioGroup
          label={m.exchange_kind()}
          value={kind}
          onChange={(next) => setKind(next as ExchangeKind)}
          options={kinds.map(({ value, label }) => ({ value, label }))}
        />
        {kind === 'customers' && (
          <Checkbox label={m.rules_ask()} description={m.rules_import_hint()} value={byRules} onChange={setByRules} />
        )}
        <div className={css.line}>
          <Button
            variant="primary"
            icon={<Upload size={15} aria-hidden />}
            loading={share !== undefined}
            onClick={() => input.current?.click()}
          >
            {m.exchange_choose_file()}
          </Button>
          <span className={css.hint}>{m.exchange_file_hint()}</span>
          <input
            ref={input}
            type="file"
            hidden
            accept=".xlsx,.csv,text/csv"
            aria-label={m.exchange_choose_file()}
            onChange={(event) => {
              const file = event.currentTarget.files?.[0];
              event.currentTarget.value = '';
              if (file) void send(file);
            }}
          />
        </div>
        {share !== undefined && (
          <div role="status">
            <span className={css.hint}>
              {share < 1 ? m.exchange_uploading({ share: percent(share) }) : m.exchange_reading()}
            </span>
            <progress className={css.progress} max={1} value={share} aria-label={m.exchange_choose_file()} />
          </div>
        )}
        {error && (
          <p role="alert" className={css.error}>
            {error}
          </p>
        )}
      </div>
    </Card>
  );
}
