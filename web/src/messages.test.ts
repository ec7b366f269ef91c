import { expect, it } from 'vitest';

type Texts = Record<string, string>;
const zh = import.meta.glob<Texts>('../messages/zh/*.json', { eager: true, import: 'default' });
const en = import.meta.glob<Texts>('../messages/en/*.json', { eager: true, import: 'default' });

it.each(Object.keys(zh))('%s is complete in English, with the same values filled in', (path) => {
  const chinese = zh[path] ?? {};
  const english = en[path.replace('/zh/', '/en/')] ?? {};
  expect(Object.keys(english).sort()).toEqual(Object.keys(chinese).sort());
  const filled = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
  for (const [key, text] of Object.entries(chinese)) {
    expect(filled(english[key] ?? ''), key).toEqual(filled(text));
    expect(english[key], key).not.toMatch(/[\u4e00-\u9fff]/);
  }
});

it('names every message after its room', () => {
  for (const [path, texts] of Object.entries(zh)) {
    const room = path.replace(/^.*\/(\w+)\.json$/, '$1');
    for (const key of Object.keys(texts)) {
      expect(key.startsWith(`${room}_`) || (room === 'ui' && key.startsWith('problem_')), `${key} in ${room}`).toBe(
        true,
      );
    }
  }
});
