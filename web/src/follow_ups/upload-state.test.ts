import { expect, it } from 'vitest';
import { MAX_BYTES, refusal, settled, type Upload, uploadsAfter } from './upload-state';

const file = (key: number, name: string, size = 10) => ({ key, name, size });
const start = (...files: ReturnType<typeof file>[]) => uploadsAfter([], { kind: 'added', files });

it('takes PDF, Word and Excel up to 10 MB and says why another is refused (S49, S50)', () => {
  expect(refusal({ name: '方案.PDF', size: MAX_BYTES })).toBeUndefined();
  expect(refusal({ name: 'a.docx', size: 1 })).toBeUndefined();
  expect(refusal({ name: 'a.pdf', size: MAX_BYTES + 1 })).toContain('10 MB');
  expect(refusal({ name: 'a.exe', size: 1 })).toContain('PDF');
  expect(refusal({ name: 'pdf', size: 1 })).toContain('PDF');
  expect(refusal({ name: 'a.xlsm', size: 1 })).toContain('PDF');
  expect(refusal({ name: 'a.pdf', size: 0 })).toBeDefined();
});

it('follows each file by itself from waiting to done', () => {
  let uploads = start(file(1, 'a.pdf'), file(2, 'b.exe'));
  expect(uploads.map((upload) => upload.state)).toEqual(['waiting', 'refused']);
  uploads = uploadsAfter(uploads, { kind: 'sent', key: 1, progress: 0.4 });
  expect(uploads[0]).toMatchObject({ state: 'sending', progress: 0.4 });
  uploads = uploadsAfter(uploads, { kind: 'done', key: 1 });
  uploads = uploadsAfter(uploads, { kind: 'sent', key: 1, progress: 0.9 });
  expect(uploads[0]).toMatchObject({ state: 'done', progress: 1 });
  expect(settled(uploads)).toBe(false);
  expect(settled(uploadsAfter(uploads, { kind: 'removed', key: 2 }))).toBe(true);
});

it('a refused upload may be tried again; one that can never pass may not', () => {
  let uploads: Upload[] = start(file(1, 'a.pdf'), file(2, 'b.exe'));
  uploads = uploadsAfter(uploads, { kind: 'refused', key: 1, error: '网络' });
  expect(uploads[0]).toMatchObject({ state: 'refused', error: '网络' });
  uploads = uploadsAfter(uploads, { kind: 'retried', key: 1 });
  uploads = uploadsAfter(uploads, { kind: 'retried', key: 2 });
  expect(uploads[0]).toMatchObject({ state: 'waiting', progress: 0 });
  expect(uploads[0]?.error).toBeUndefined();
  expect(uploads[1]?.state).toBe('refused');
});
