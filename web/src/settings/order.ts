/** Something that stands at a place in a list. */
type Placed = { id: number; position: number };

/**
 * The changes of position that move an entry by one place. Positions may have gaps or repeat, so the list is numbered
 * afresh and only what differs is sent.
 */
export function moved<T extends Placed>(entries: T[], id: number, by: -1 | 1): { entry: T; position: number }[] {
  const order = [...entries];
  const from = order.findIndex((entry) => entry.id === id);
  const to = from + by;
  const [entry] = from >= 0 && to >= 0 && to < order.length ? order.splice(from, 1) : [];
  if (!entry) return [];
  order.splice(to, 0, entry);
  return order
    .map((one, i) => ({ entry: one, position: i + 1 }))
    .filter((change) => change.entry.position !== change.position);
}
