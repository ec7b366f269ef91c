import { afterEach, expect, it, vi } from 'vitest';
import { fieldErrors } from '@/ui/use-form';
import { api, OnceKey, serialize } from './client';
import { Problem } from './problem';
import { onSessionProblem } from './session-guard';

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  const fetch = vi.fn(
    async (_: Request) =>
      new Response(body === null ? null : JSON.stringify(body), {
        status,
        headers: { 'content-type': 'application/problem+json', ...headers },
      }),
  );
  vi.stubGlobal('fetch', fetch);
  return fetch;
}

afterEach(() => vi.unstubAllGlobals());

it('throws the problem document with its fields', async () => {
  answer(422, {
    title: '字段有误',
    status: 422,
    code: 'INVALID',
    fields: [
      { field: 'phone', code: 'PHONE', message: '请输入11位手机号' },
      { field: 'tags[1]', code: 'TOO_LONG', message: '标签过长' },
      { field: 'follow_up.result', code: 'REQUIRED', message: '请填写此项' },
      { field: 'contacts.0.name', code: 'REQUIRED', message: '请填写联系人' },
    ],
  });
  const problem = await api.post('/customers', { body: {} }).catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(Problem);
  const values = { phone: '', tags: [], result: '', name: '' };
  const theirs = { result: '请填写此项', contacts: '请填写联系人' };
  expect(fieldErrors(problem, values)).toEqual({ phone: '请输入11位手机号', tags: '标签过长', ...theirs });
});

it('speaks of the network when no answer comes', async () => {
  vi.stubGlobal('fetch', async () => {
    throw new TypeError('Failed to fetch');
  });
  await expect(api.get('/customers')).rejects.toMatchObject({ code: 'NETWORK', status: 0 });
});

it('reads Retry-After and survives an answer that is no problem document', async () => {
  answer(503, { message: 'x' }, { 'retry-after': '7' });
  await expect(api.get('/customers')).rejects.toMatchObject({ code: 'HTTP_503', retryAfter: 7 });
});

it('sends the version, the key and the language', async () => {
  const fetch = answer(200, { id: 1 });
  await api.patch('/customers/{id}', { path: { id: 1 }, version: 5, idempotencyKey: 'k', body: { name: '甲' } });
  const request = fetch.mock.calls[0]?.[0] as Request;
  expect(request.url).toMatch(/\/api\/v1\/customers\/1$/);
  expect(request.headers.get('if-match')).toBe('"5"');
  expect(request.headers.get('idempotency-key')).toBe('k');
  expect(request.headers.get('accept-language')).toBe('zh-CN');
});

it('leads to the login after 401 and to the password page when a change is due', async () => {
  const reaction = { toLogin: vi.fn(), toPasswordChange: vi.fn() };
  onSessionProblem(reaction);
  answer(401, { title: '', status: 401, code: 'UNAUTHENTICATED' });
  await api.get('/customers').catch(() => undefined);
  answer(403, { title: '', status: 403, code: 'PASSWORD_CHANGE_REQUIRED' });
  await api.get('/customers').catch(() => undefined);
  answer(401, { title: '', status: 401, code: 'BAD_CREDENTIALS' });
  await api.post('/session').catch(() => undefined);
  expect(reaction.toLogin).toHaveBeenCalledTimes(1);
  expect(reaction.toPasswordChange).toHaveBeenCalledTimes(1);
});

it('keeps one key for one content', () => {
  const once = new OnceKey();
  const first = once.for({ name: '甲' });
  expect(once.for({ name: '甲' })).toBe(first);
  expect(once.for({ name: '乙' })).not.toBe(first);
  once.reset();
  expect(once.for({ name: '乙' })).not.toBe(first);
});

it('repeats a name for any-of and leaves empty values out', () => {
  expect(serialize({ status: ['won', 'active'], q: '', owner_id: undefined, page: 0 })).toBe(
    'status=won&status=active&page=0',
  );
});
