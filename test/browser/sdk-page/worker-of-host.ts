import { SYNC_TAG, syncOutbox } from '../../../web/sdk/sync/service-worker.ts';

type SyncEvent = Event & { tag: string; waitUntil(work: Promise<void>): void };

/** A host application's service worker, with the two lines that the SDK asks for. */
addEventListener('sync', (event) => {
  const sync = event as SyncEvent;
  if (sync.tag === SYNC_TAG) sync.waitUntil(syncOutbox());
});
