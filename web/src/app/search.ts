import { serialize } from '@/api/client';

/**
 * The address bar holds every view: plain names, repeated for "any of" (`?status=won&status=active`), as in the API.
 * Routes read their part with the small readers below, which drop whatever does not fit.
 */
type Raw = Record<string, string | string[]>;

export function parseSearch(text: string): Raw {
  const found: Raw = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const before = found[name];
    found[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return found;
}

export function stringifySearch(search: Record<string, unknown>): string {
  const text = serialize(search);
  return text ? `?${text}` : '';
}

export type Search = Record<string, unknown>;

export function text(value: unknown): string | undefined {
  const one = Array.isArray(value) ? value[0] : value;
  return typeof one === 'string' || typeof one === 'number' ? String(one) || undefined : undefined;
}

/** A list of values; undefined when there is none, so that the address stays short. */
export function many(value: unknown): string[] | undefined {
  const all = (Array.isArray(value) ? value : [value]).filter((one) => one !== undefined && one !== null && one !== '');
  return all.length > 0 ? all.map(String) : undefined;
}

export function oneOf<T extends string>(value: unknown, allowed: readonly T[]): T | undefined {
  return allowed.find((one) => one === text(value));
}

export function flag(value: unknown): true | undefined {
  return value === true || text(value) === 'true' ? true : undefined;
}

export function id(value: unknown): number | undefined {
  const number = Number(text(value));
  return Number.isInteger(number) && number > 0 ? number : undefined;
}

/** Without the names whose value is undefined: `{ q: undefined }` and `{}` are the same view. */
export function compact<T extends Search>(search: T): T {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as T;
}
