import { cryptoRng, webLocks } from '../browser/locks.ts';
import { DATABASE_NAME } from '../client/open-storage.ts';
import { indexedDbStorage } from '../storage/indexed-db.ts';
import { startingWith } from '../storage/key-order.ts';
import { drain } from './drain.ts';
import type { Destination } from './send-batch.ts';

/** Tag of the Background Sync that a client registers when events wait and the page is hidden. */
export const SYNC_TAG = 'edgewise-outbox';

/**
 * For a host application's service worker: sends what every client of this origin has stored, with
 * no page open. `event.waitUntil(syncOutbox())` in its `sync` listener, for `SYNC_TAG`.
 * @throws when events are left, so that the browser fires the sync event again
 */
export async function syncOutbox(): Promise<void> {
  const storage = await indexedDbStorage(DATABASE_NAME);
  try {
    const destinations = await storage.read(['meta'], (tx) =>
      tx.entries('meta', startingWith('sync')),
    );
    for (const { key, value } of destinations) {
      const { stopped } = await drain({
        storage,
        model: key[1] as string,
        destination: value as Destination,
        adapters: {
          fetch: (input, init) => fetch(input, init),
          nowMs: () => Date.now(),
          locks: webLocks(),
          rng: cryptoRng,
        },
        isForced: true,
      });
      if (stopped) throw new Error(`Events of ${key[1]} wait: ${stopped.detail}`);
    }
  } finally {
    storage.close();
  }
}
