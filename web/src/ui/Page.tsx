import { type ReactNode, useEffect, useId } from 'react';
import * as m from '@/paraglide/messages';
import css from './Page.module.css';

/** A page's body: its one `h1` and the browser title come from {@link PageHeader}. */
export function Page({ children }: { children: ReactNode }) {
  return <div className={css.page}>{children}</div>;
}

type HeaderProps = { title: string; meta?: ReactNode; actions?: ReactNode };

export function PageHeader({ title, meta, actions }: HeaderProps) {
  useEffect(() => {
    document.title = `${title} · ${m.app_name()}`;
  }, [title]);
  return (
    <header className={css.header}>
      <h1 className={css.title}>{title}</h1>
      {meta && <div className={css.meta}>{meta}</div>}
      {actions && <div className={css.actions}>{actions}</div>}
    </header>
  );
}

type CardProps = { title?: ReactNode; meta?: ReactNode; actions?: ReactNode; flush?: boolean; children: ReactNode };

/** A bordered panel; with a title it is a labelled region. `flush` leaves out the inner padding (tables, lists). */
export function Card({ title, meta, actions, flush, children }: CardProps) {
  const id = useId();
  if (!title)
    return <div className={css.card}>{flush ? children : <div className={css.cardBody}>{children}</div>}</div>;
  return (
    <section className={css.card} aria-labelledby={id}>
      <div className={css.cardHead}>
        <h2 className={css.cardTitle} id={id}>
          {title}
        </h2>
        {meta && <span className={css.meta}>{meta}</span>}
        {actions && <div className={css.actions}>{actions}</div>}
      </div>
      {flush ? children : <div className={css.cardBody}>{children}</div>}
    </section>
  );
}
