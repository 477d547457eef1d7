import { SECOND_MS } from '../../../shared/core/time.ts';
import type { Adapters, ClientStorage } from '../adapters.ts';
import { memoryStorage } from '../storage/memory.ts';
import { messageOf } from '../storage/storage-errors.ts';

export const DATABASE_NAME = 'edgewise';

/** Opening can hang for ever: behind an old tab's upgrade, or in a browser's bug. */
const OPEN_WITHIN_MS = 3 * SECOND_MS;

export type OpenedStorage = {
  storage: ClientStorage;
  /** Why it is memory; null when it is what was asked for. */
  failure: string | null;
};

/** The origin's storage or, where there is none to be had, memory: predictions answer all the same. */
export async function openStorage(open: Adapters['storage']): Promise<OpenedStorage> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    const late = new Error(`storage did not open within ${OPEN_WITHIN_MS} ms`);
    timer = setTimeout(() => reject(late), OPEN_WITHIN_MS);
  });
  try {
    return { storage: await Promise.race([open(DATABASE_NAME), tooLate]), failure: null };
  } catch (error) {
    return { storage: memoryStorage(), failure: messageOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** The storage port at once; its first transaction waits for the opening. */
export function lateStorage(opened: Promise<OpenedStorage>): ClientStorage {
  return {
    kind: 'indexeddb',
    read: async (stores, work) => (await opened).storage.read(stores, work),
    write: async (stores, durability, work) =>
      (await opened).storage.write(stores, durability, work),
    putAll: async (entries, durability) => (await opened).storage.putAll(entries, durability),
    close: () => void opened.then(({ storage }) => storage.close()),
  };
}
