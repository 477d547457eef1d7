/** Listeners that are told once for all changes of one turn. */
export type ChangeListeners<T> = {
  add(listener: (value: T) => void): () => void;
  changed(): void;
};

export function createChangeListeners<T>(read: () => T): ChangeListeners<T> {
  const listeners = new Set<(value: T) => void>();
  let isScheduled = false;
  const tell = () => {
    isScheduled = false;
    const value = read();
    for (const listener of listeners) listener(value);
  };
  return {
    add(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    changed() {
      if (isScheduled || listeners.size === 0) return;
      isScheduled = true;
      setTimeout(tell, 0);
    },
  };
}
