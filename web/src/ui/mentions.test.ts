import { describe, expect, it } from 'vitest';
import { completed, pieces, stillThere, typingAt } from './mentions';

describe('a mention', () => {
  it('begins with @, also right behind Chinese words, and ends with a space', () => {
    expect(typingAt('请@李', 3)).toEqual({ start: 1, query: '李' });
    expect(typingAt('@', 1)).toEqual({ start: 0, query: '' });
    expect(typingAt('@李雅 看', 5)).toBeUndefined();
    expect(typingAt('@李雅', 0)).toBeUndefined();
  });

  it('is not an e-mail address', () => {
    expect(typingAt('ann@example', 11)).toBeUndefined();
    expect(typingAt('a.@x', 4)).toBeUndefined();
  });

  it('takes the place of what was typed', () => {
    expect(completed('请@ly看看', 4, { start: 1, query: 'ly' }, '李雅')).toEqual({ text: '请@李雅 看看', caret: 5 });
    expect(completed('@l 看', 2, { start: 0, query: 'l' }, '李雅')).toEqual({ text: '@李雅 看', caret: 4 });
  });

  it('goes when its name is deleted', () => {
    const chosen = [
      { id: 1, name: '李雅' },
      { id: 2, name: '丁丹' },
    ];
    expect(stillThere('@李雅 请看', chosen)).toEqual([{ id: 1, name: '李雅' }]);
  });

  it('is marked in the text, the longest name first', () => {
    const people = [
      { id: 1, name: '李雅' },
      { id: 2, name: '李雅文' },
    ];
    expect(pieces('请@李雅文 和@李雅看', people)).toEqual([
      { text: '请', mention: false },
      { text: '@李雅文', mention: true },
      { text: ' 和', mention: false },
      { text: '@李雅', mention: true },
      { text: '看', mention: false },
    ]);
  });
});
