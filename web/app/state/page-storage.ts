export type KeyValue = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/**
 * A storage of the browser, or memory for as long as the page is open where there is none to be
 * had: with cookies blocked the very name throws, and a full one throws at each write.
 * @param open reads `localStorage` or `sessionStorage`; may throw
 */
export function pageStorage(open: () => KeyValue): KeyValue {
  const memory = new Map<string, string>();
  /** null: the storage refuses. */
  const attempt = <T>(work: (storage: KeyValue) => T): { value: T } | null => {
    try {
      return { value: work(open()) };
    } catch (error) {
      if (error instanceof DOMException) return null;
      throw error;
    }
  };
  return {
    getItem: (key) => memory.get(key) ?? attempt((kept) => kept.getItem(key))?.value ?? null,
    setItem(key, value) {
      if (attempt((kept) => kept.setItem(key, value))) memory.delete(key);
      else memory.set(key, value);
    },
    removeItem(key) {
      memory.delete(key);
      attempt((kept) => kept.removeItem(key));
    },
  };
}
