import { SECOND_MS } from '../../../shared/core/time.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { messageOf } from '../storage/storage-errors.ts';
import type { SyncReport } from '../types.ts';
import { type DrainOptions, type DrainReport, drain } from './drain.ts';

/** A storage that cannot be read now may be readable later. */
const STORAGE_RETRY_MS = 30 * SECOND_MS;

export const nothingSent = (stopped: DrainReport['stopped'] = null): DrainReport => ({
  batches: 0,
  duplicates: 0,
  accepted: 0,
  rejected: 0,
  stopped,
});

/** Drains every storage that holds events of this client: memory that stood in, and the disk. */
export async function deliver(
  outbox: Outbox,
  options: Omit<DrainOptions, 'storage'>,
): Promise<DrainReport> {
  const total = nothingSent();
  for (const storage of outbox.storages()) {
    const report = await drain({ ...options, storage }).catch((error: unknown) =>
      nothingSent({ reason: 'server', detail: messageOf(error), retryInMs: STORAGE_RETRY_MS }),
    );
    total.batches += report.batches;
    total.duplicates += report.duplicates;
    total.accepted += report.accepted;
    total.rejected += report.rejected;
    total.stopped ??= report.stopped;
  }
  return total;
}

/** A drain as `flush` reports it: what stopped it matters only while events are left. */
export function syncReport(
  { stopped, ...sent }: DrainReport,
  waiting: number,
  consentStop: SyncReport['stopped'],
): SyncReport {
  if (waiting === 0) return { ...sent, waiting, stopped: null };
  const why = stopped && { reason: stopped.reason, detail: stopped.detail };
  return { ...sent, waiting, stopped: consentStop ?? why };
}
