/** Brings the chosen one of a row that scrolls sideways to its middle, so that a phone shows what is chosen; the page stays put. */
export function centre(chosen: Element | null | undefined) {
  const row = chosen?.parentElement;
  if (!row || row.scrollWidth <= row.clientWidth) return;
  const [inner, outer] = [chosen.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
}
