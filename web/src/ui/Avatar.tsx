import css from './Avatar.module.css';

const COLOURS = 6;

/** The last character of a Chinese given name says more than the surname; Latin names show their initial. */
function initial(name: string): string {
  const text = name.trim();
  return /[\u4e00-\u9fff]$/.test(text) ? text.slice(-1) : text.slice(0, 1).toUpperCase();
}

function colour(name: string): number {
  let sum = 0;
  for (const char of name) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 9973;
  return sum % COLOURS;
}

export function Avatar({ name, size = 'md' }: { name: string; size?: 'md' | 'lg' }) {
  return (
    <span className={`${css.avatar} ${css[`c${colour(name)}`]} ${size === 'lg' ? css.lg : ''}`} aria-hidden>
      {initial(name)}
    </span>
  );
}

/** Avatar and name; 「—」 when nobody is there. */
export function Person({ name }: { name: string | null | undefined }) {
  if (!name) return <span>—</span>;
  return (
    <span className={css.person}>
      <Avatar name={name} />
      {name}
    </span>
  );
}
