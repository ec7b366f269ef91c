/** Somebody who can be mentioned. */
export type Mentioned = { id: number; name: string };

/** Where a mention is being typed: the place of its @ and what follows it so far. */
export type Typing = { start: number; query: string };

const LONGEST = 20;

/** The mention under the caret, if one is being typed. An @ inside a word (an e-mail address) begins none. */
export function typingAt(text: string, caret: number): Typing | undefined {
  const start = text.lastIndexOf('@', caret - 1);
  if (start < 0 || start >= caret || caret - start > LONGEST) return undefined;
  const query = text.slice(start + 1, caret);
  if (/\s/.test(query) || /[\w.]/.test(text[start - 1] ?? '')) return undefined;
  return { start, query };
}

/** The text with the chosen person in the place of what was typed, and where the caret goes. */
export function completed(text: string, caret: number, typing: Typing, name: string): { text: string; caret: number } {
  const before = `${text.slice(0, typing.start)}@${name} `;
  return { text: before + text.slice(caret).replace(/^ /, ''), caret: before.length };
}

/** Those chosen whose name still stands in the text. */
export function stillThere(text: string, chosen: Mentioned[]): Mentioned[] {
  return chosen.filter(({ name }) => text.includes(`@${name}`));
}

/** The text in pieces; those that are mentions are marked. */
export function pieces(text: string, mentions: Mentioned[]): { text: string; mention: boolean }[] {
  const names = mentions.map(({ name }) => `@${name}`).sort((a, b) => b.length - a.length);
  const found: { text: string; mention: boolean }[] = [];
  let plain = '';
  for (let at = 0; at < text.length; ) {
    const name = text[at] === '@' ? names.find((one) => text.startsWith(one, at)) : undefined;
    if (!name) {
      plain += text[at];
      at += 1;
      continue;
    }
    if (plain) found.push({ text: plain, mention: false });
    found.push({ text: name, mention: true });
    plain = '';
    at += name.length;
  }
  if (plain) found.push({ text: plain, mention: false });
  return found;
}
