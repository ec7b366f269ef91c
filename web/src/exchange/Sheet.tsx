import { Download, Printer } from 'lucide-react';
import type { ReactNode } from 'react';
import type { FollowUp, Plan } from '@/api/types';
import * as m from '@/paraglide/messages';
import { Button, buttonClass } from '@/ui/Button';
import { dateTime } from '@/ui/format';
import { Page, PageHeader } from '@/ui/Page';
import css from './exchange.module.css';

type SheetProps = {
  title: string;
  /** Where the same sheet comes from as a workbook. */
  workbook: string;
  /** The link back to the record. */
  back: ReactNode;
  facts: ReactNode;
  plans: Plan[];
  records: FollowUp[];
  /** What else the sheet says, below plans and records. */
  children: ReactNode;
};

/** A 跟进记录表 to be printed on A4 (I33): what it is about, its plans and its records. */
export function RecordSheet({ title, workbook, back, facts, plans, records, children }: SheetProps) {
  return (
    <Page>
      <PageHeader
        title={title}
        actions={
          <span className={css.screenOnly}>
            <Button variant="primary" icon={<Printer size={15} aria-hidden />} onClick={() => window.print()}>
              {m.exchange_print_now()}
            </Button>
            <a className={buttonClass()} href={workbook}>
              <Download size={15} aria-hidden />
              {m.exchange_download_xlsx()}
            </a>
            {back}
          </span>
        }
      />
      <article className={css.sheet}>
        <dl className={css.facts}>{facts}</dl>
        <Section
          title={m.exchange_plans()}
          heads={[m.exchange_start(), m.exchange_end(), m.exchange_content(), m.exchange_owner()]}
          rows={plans.map((plan) => [dateTime(plan.starts_at), dateTime(plan.ends_at), plan.content, plan.owner_name])}
        />
        <Section
          title={m.exchange_records()}
          heads={[m.exchange_contacted_at(), m.exchange_by(), m.exchange_result(), m.exchange_next_action()]}
          rows={records.map((one) => [dateTime(one.contacted_at), one.author_name, one.result, one.next_action])}
        />
        {children}
      </article>
    </Page>
  );
}

/** A line of the head of a printed sheet. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A table of a printed sheet. */
export function Section({ title, heads, rows }: { title: string; heads: string[]; rows: string[][] }) {
  return (
    <section>
      <h2>{title}</h2>
      <table className={css.printed}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.length === 0 && (
            <tr>
              <td colSpan={heads.length}>{m.exchange_nothing()}</td>
            </tr>
          )}
          {rows.map((cells, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: printed rows never move
            <tr key={i}>
              {cells.map((text, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: nor do their cells
                <td key={at}>{text}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
