import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import * as m from '@/paraglide/messages';
import { Page, PageHeader } from '@/ui/Page';
import { useSections } from './sections';
import css from './settings.module.css';

type Props = { title: string; meta?: ReactNode; actions?: ReactNode; children: ReactNode };

/** Every settings page: the sections one may manage, and the chosen one beside them. */
export function Frame({ title, meta, actions, children }: Props) {
  return (
    <Page>
      <PageHeader title={title} meta={meta} actions={actions} />
      <div className={css.frame}>
        <nav className={css.nav} aria-label={m.settings_nav()}>
          {useSections().map((section) => (
            <Link key={section.to} to={section.to} className={css.navLink} activeOptions={{ includeSearch: false }}>
              {section.label}
            </Link>
          ))}
        </nav>
        <div className={css.body}>{children}</div>
      </div>
    </Page>
  );
}
