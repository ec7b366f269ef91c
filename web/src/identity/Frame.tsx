import { type ReactNode, useEffect } from 'react';
import * as m from '@/paraglide/messages';
import css from './identity.module.css';

/** The two halves of the pages before the shell: what the product is for, and one small form. */
export function Frame({ title, intro, children }: { title: string; intro: ReactNode; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · ${m.app_name()}`;
  }, [title]);
  const steps = [m.app_customers(), m.app_opportunities(), m.identity_follow_up(), m.identity_deal()];
  return (
    <div className={css.page}>
      <aside className={css.side} aria-label={m.app_name()}>
        <div className={css.brand}>
          <img src="/favicon.svg" alt="" />
          {m.app_name()}
        </div>
        <div>
          <p className={css.claim}>
            {m.identity_claim_1()}
            <br />
            {m.identity_claim_2()}
          </p>
          <p className={css.sub}>{m.identity_claim_sub()}</p>
        </div>
        <p className={css.steps}>
          {steps.map((step, i) => (
            <span key={step} style={{ display: 'contents' }}>
              {i > 0 && <i aria-hidden />}
              {step}
            </span>
          ))}
        </p>
      </aside>
      <main className={css.main}>
        <div className={css.box}>
          <div className={`${css.brand} ${css.small}`}>
            <img src="/favicon.svg" alt="" />
            {m.app_name()}
          </div>
          <h1 className={css.title}>{title}</h1>
          <p className={css.intro}>{intro}</p>
          {children}
        </div>
      </main>
    </div>
  );
}
