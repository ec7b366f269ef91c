import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import * as m from '@/paraglide/messages';
import { centre } from '@/ui/into-view';
import { Page, PageHeader } from '@/ui/Page';
import { useSections } from './sections';
import css from './settings.module.css';

type Props = { title: string; meta?: ReactNode; actions?: ReactNode; children: ReactNode };

/** Every settings page: the sections one may manage, and the chosen one beside them. */
export function Frame({ title, meta, actions, children }: Props) {
  const nav = useRef<HTMLElement>(null);
  const sections = useSections();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the title tells one section from another
  useEffect(() => centre(nav.current?.querySelector('[aria-current]')), [title, sections.length]);
  return (
    <Page>
      <PageHeader title={title} meta={meta} actions={actions} />
      <div className={css.frame}>
        <nav ref={nav} className={css.nav} aria-label={m.settings_nav()}>
          {sections.map((section) => (
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
