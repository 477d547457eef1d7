/** The list with `item` in the place of the one of its id, or in front when there is none. */
export function putById<T extends { id: string }>(items: readonly T[], item: T): T[] {
  const at = items.findIndex((known) => known.id === item.id);
  return at < 0 ? [item, ...items] : items.with(at, item);
}
