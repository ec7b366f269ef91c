import createClient from 'openapi-fetch';
import { getLocale } from '@/paraglide/runtime';
import { networkProblem, problemFrom } from './problem';
import type { paths } from './schema';
import { reactToProblem } from './session-guard';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** The API's paths without their common beginning. */
type Paths = { [P in keyof paths as P extends `/api/v1${infer Rest}` ? Rest : never]: paths[P] };

type Success<Responses> = {
  [Status in keyof Responses & (200 | 201)]: Responses[Status] extends { content: { 'application/json': infer Body } }
    ? Body
    : never;
}[keyof Responses & (200 | 201)];

/**
 * The paths that know the method and whose answer is a `T`. So a call to a path that is not there, and one that takes
 * the answer for something else, stops the type check. Without a `T` only the path is checked.
 */
export type PathOf<M extends Method, T = unknown> = {
  [P in keyof Paths]: Paths[P][M] extends { responses: infer Responses }
    ? [unknown] extends [T]
      ? P
      : [T] extends [Success<Responses>]
        ? P
        : never
    : never;
}[keyof Paths];

type Value = string | number | boolean | null | undefined;
/** Query parameters; a list repeats the name ("any of"), empty values are left out. */
export type Query = Record<string, Value | readonly (string | number)[]>;

export type Options<Body = unknown> = {
  /** Values for `{name}` in the path. */
  path?: Record<string, string | number>;
  query?: Query;
  body?: Body;
  /** The version the change was made on; sent as `If-Match`. */
  version?: number;
  /** From {@link OnceKey}: makes a repeated create answer the same record. */
  idempotencyKey?: string;
  signal?: AbortSignal;
};

/** What the paths with such an answer take; a field they do not know stops the type check. */
type BodyOf<M extends Method, T> = Paths[PathOf<M, T>][M] extends infer Operation
  ? Operation extends { requestBody: { content: infer Content } }
    ? Content[keyof Content]
    : never
  : never;

type Answer = { data?: unknown; error?: unknown; response: Response };
type Caller = (method: string, path: string, init: Record<string, unknown>) => Promise<Answer>;

const client = createClient({
  baseUrl: '/api/v1',
  credentials: 'same-origin',
  querySerializer: serialize,
  // Looked up at each call, so that a test may replace it.
  fetch: (request) => globalThis.fetch(request),
});

export function serialize(query: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '') params.append(name, String(one));
    }
  }
  return params.toString();
}

async function call<T>(method: Method, path: string, options: Options = {}): Promise<T> {
  const headers: Record<string, string> = { 'Accept-Language': getLocale() === 'en' ? 'en' : 'zh-CN' };
  if (options.version !== undefined) headers['If-Match'] = `"${options.version}"`;
  if (options.idempotencyKey) headers['Idempotency-Key'] = options.idempotencyKey;
  const form = options.body instanceof FormData;
  let answer: Answer;
  try {
    answer = await (client.request as unknown as Caller)(method, path, {
      params: { path: options.path ?? {}, query: options.query ?? {} },
      headers,
      ...(options.body === undefined ? {} : { body: options.body }),
      ...(form ? { bodySerializer: (body: FormData) => body } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw networkProblem();
  }
  if (!answer.response.ok) {
    const problem = problemFrom(answer.response, answer.error);
    reactToProblem(problem);
    throw problem;
  }
  return answer.data as T;
}

/** The API, path by path: `api.get<Customer>('/customers/{id}', { path: { id } })`. Failures throw a `Problem`. */
export const api = {
  get: <T>(path: PathOf<'get', T>, options?: Options<never>) => call<T>('get', path, options),
  post: <T>(path: PathOf<'post', T>, options?: Options<BodyOf<'post', T>>) => call<T>('post', path, options),
  put: <T>(path: PathOf<'put', T>, options?: Options<BodyOf<'put', T>>) => call<T>('put', path, options),
  patch: <T>(path: PathOf<'patch', T>, options?: Options<BodyOf<'patch', T>>) => call<T>('patch', path, options),
  delete: (path: PathOf<'delete'>, options?: Options<never>) => call<void>('delete', path, options),
};

/**
 * One key per content: the same body sent twice (a double click, a retry after a lost answer) carries the same
 * key, a corrected body a new one. Keep one per open form.
 */
export class OnceKey {
  private body: string | undefined;
  private key = '';

  for(body: unknown): string {
    const text = JSON.stringify(body);
    if (text !== this.body) {
      this.body = text;
      this.key = crypto.randomUUID?.() ?? randomKey();
    }
    return this.key;
  }

  /** After success: the next record is another one, even with equal content. */
  reset(): void {
    this.body = undefined;
  }
}

/** `randomUUID` exists only on https and localhost; installations inside a company may run on plain http. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
