import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import css from './Button.module.css';

type Look = {
  variant?: 'primary' | 'default' | 'ghost' | 'danger' | 'link';
  size?: 'sm' | 'md' | 'lg';
  fullWidth?: boolean;
};

/** The button's look for a link: `<Link className={buttonClass({ variant: 'primary' })}>`. */
export function buttonClass({ variant = 'default', size = 'md', fullWidth }: Look = {}): string {
  return [css.button, css[variant], size === 'md' ? '' : css[size], fullWidth ? css.full : '']
    .filter(Boolean)
    .join(' ');
}

type Props = Look &
  ButtonHTMLAttributes<HTMLButtonElement> & { icon?: ReactNode; loading?: boolean; ref?: Ref<HTMLButtonElement> };

export function Button({ variant, size, fullWidth, icon, loading, children, disabled, className, ...rest }: Props) {
  const look = buttonClass({ ...(variant && { variant }), ...(size && { size }), ...(fullWidth && { fullWidth }) });
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || loading}
      aria-busy={loading || undefined}
      className={className ? `${look} ${className}` : look}
    >
      {loading ? <span className={css.spinner} aria-hidden /> : icon}
      {children}
    </button>
  );
}

/** A square button that shows only an icon; `label` is its accessible name and tooltip. */
export function IconButton({
  label,
  children,
  size,
  className,
  ...rest
}: { label: string; size?: 'sm' | 'md'; ref?: Ref<HTMLButtonElement> } & ButtonHTMLAttributes<HTMLButtonElement>) {
  const look = [css.button, css.ghost, css.icon, size === 'sm' ? css.sm : '', className ?? '']
    .filter(Boolean)
    .join(' ');
  return (
    <button type="button" aria-label={label} title={label} {...rest} className={look}>
      {children}
    </button>
  );
}
