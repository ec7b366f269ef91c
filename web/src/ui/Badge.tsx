import type { ReactNode } from 'react';
import css from './Badge.module.css';
import { listed } from './format';

export type Tone = 'grey' | 'brand' | 'amber' | 'red' | 'blue' | 'violet';

export function Badge({ tone = 'grey', dot, children }: { tone?: Tone; dot?: boolean; children: ReactNode }) {
  return <span className={`${css.badge} ${css[tone]} ${dot ? css.dot : ''}`}>{children}</span>;
}

/** A state with its coloured dot: customer status, task status … */
export function StatusDot({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <Badge tone={tone} dot>
      {children}
    </Badge>
  );
}

/** Tags in a table cell: the first few, the rest as a number. */
export function TagList({ tags, max = 3 }: { tags: { id: number; name: string }[]; max?: number }) {
  if (tags.length === 0) return null;
  const rest = tags.slice(max);
  return (
    <span className={css.tags}>
      {tags.slice(0, max).map((tag) => (
        <Badge key={tag.id}>{tag.name}</Badge>
      ))}
      {rest.length > 0 && (
        <span title={listed(rest.map((tag) => tag.name))}>
          <Badge>+{rest.length}</Badge>
        </span>
      )}
    </span>
  );
}
