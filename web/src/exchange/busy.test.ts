import { expect, it } from 'vitest';
import { isBusy, rowTone, stateTone } from './labels';

it('looks again only while something happens by itself', () => {
  expect(['checking', 'running', 'undoing', 'waiting'].every((state) => isBusy(state as never))).toBe(true);
  expect(['uploaded', 'checked', 'done', 'failed', 'undone', 'expired'].some((state) => isBusy(state as never))).toBe(
    false,
  );
});

it('shows refused rows and failed runs in red', () => {
  expect([rowTone('bad'), stateTone('failed')]).toEqual(['red', 'red']);
  expect([rowTone('created'), stateTone('done')]).toEqual(['brand', 'brand']);
});
