import { SYNC_TAG } from '../../sdk/sync/service-worker.ts';

/** Background Sync is Chromium's own and not among the standard types. */
type SyncingRegistration = ServiceWorkerRegistration & {
  sync?: { register(tag: string): Promise<void> };
};

/**
 * Asks the browser to send what waits once there is a network, also after the tab is closed.
 * Browsers that cannot, send on the next visit.
 */
export async function requestBackgroundSync(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  try {
    const registration: SyncingRegistration | undefined =
      await navigator.serviceWorker.getRegistration();
    await registration?.sync?.register(SYNC_TAG);
  } catch (error) {
    // The person may have forbidden it, or all storage, for this site; the next visit sends.
    if (!(error instanceof DOMException)) throw error;
  }
}
