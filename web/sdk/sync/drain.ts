import { LIMITS } from '../../../shared/contracts/limits.ts';
import type { BatchAck } from '../../../shared/contracts/telemetry.ts';
import type { Rng } from '../../../shared/core/rng.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../../shared/core/time.ts';
import type { Adapters, ClientStorage } from '../adapters.ts';
import { dropRefusedFor } from '../outbox/make-room.ts';
import { eventCount, type Refusals, type SealedBatch } from '../outbox/records.ts';
import { sealNext } from '../outbox/seal.ts';
import { startingWith } from '../storage/key-order.ts';
import { LONGEST_WAIT_MS, retryDelayMs, type Verdict } from './classify.ts';
import { buryBatch } from './dead-letters.ts';
import { type Destination, type SendResult, sendBatch } from './send-batch.ts';

const LOCK_TIMEOUT_MS = 5 * SECOND_MS;
const REFUSED_AT_MOST_MS = 30 * DAY_MS;
/** A batch that arrives damaged more often than that is damaged here. */
const DAMAGED_AT_MOST = 5;
const UNAUTHORISED_DELAY_MS = 5 * MINUTE_MS;

export type DrainOptions = {
  storage: ClientStorage;
  model: string;
  destination: Destination;
  adapters: Pick<Adapters, 'fetch' | 'nowMs' | 'locks'> & { rng: Rng };
  /** true: also batches whose time to retry has not come. */
  isForced: boolean;
  /** The page may be gone soon: only what fits a keepalive request. */
  keepalive?: boolean;
  /** Called after each acknowledged batch, once it has left the storage. */
  onAck?: (ack: BatchAck, batch: SealedBatch) => void;
  /** Called with how many events the server had refused for too long. */
  onAged?: (events: number) => void;
  onDead?: (batch: SealedBatch, status: number, detail: string) => void;
};

export type DrainReport = {
  batches: number;
  duplicates: number;
  accepted: number;
  rejected: number;
  stopped: null | {
    reason: 'offline' | 'server' | 'unauthorised';
    detail: string;
    /** When to come again. */
    retryInMs: number;
  };
};

/**
 * Sends everything stored, oldest first, sealing as it goes, until nothing is left or a batch must
 * wait. One sender at a time by lock; when a frozen tab holds the lock, correctness rests on the
 * server, for which a batch sent twice is one batch. While a batch waits nothing more is sealed, so
 * that a long time offline becomes few large batches.
 */
export async function drain(options: DrainOptions): Promise<DrainReport> {
  const report: DrainReport = {
    batches: 0,
    duplicates: 0,
    accepted: 0,
    rejected: 0,
    stopped: null,
  };
  const { storage, model, adapters } = options;
  const aged = await dropRefusedFor(storage, model, REFUSED_AT_MOST_MS);
  if (aged > 0) options.onAged?.(aged);
  while (!report.stopped) {
    const lock = `edgewise:send:${model}`;
    const isDone = await adapters.locks.withLock(lock, LOCK_TIMEOUT_MS, () =>
      step(options, report),
    );
    if (isDone) break;
  }
  return report;
}

/** One batch, found or sealed, and sent. @returns true when there is none */
async function step(options: DrainOptions, report: DrainReport): Promise<boolean> {
  const { storage, model, adapters, keepalive = false } = options;
  const batch = (await oldestBatch(storage, model)) ?? (await seal(options));
  if (!batch) return true;
  const waitMs = batch.notBeforeMs - adapters.nowMs();
  // A longer wait was none of ours: the clock was set back since.
  if (waitMs > 0 && waitMs <= LONGEST_WAIT_MS && !options.isForced) {
    report.stopped = { reason: 'server', detail: 'waiting to retry', retryInMs: waitMs };
    return false;
  }
  const canOutlivePage = keepalive && batch.body.length <= LIMITS.keepaliveBytes;
  const result = await sendBatch(batch, options.destination, {
    ...adapters,
    keepalive: canOutlivePage,
  });
  await settle(options, report, { batch, result });
  return false;
}

async function oldestBatch(storage: ClientStorage, model: string): Promise<SealedBatch | null> {
  const [oldest] = await storage.read(['batches'], (tx) =>
    tx.entries('batches', startingWith(model), { limit: 1 }),
  );
  return (oldest?.value as SealedBatch | undefined) ?? null;
}

const seal = ({ storage, model, adapters }: DrainOptions) =>
  sealNext(storage, { model, nowMs: adapters.nowMs(), rng: adapters.rng });

async function settle(
  options: DrainOptions,
  report: DrainReport,
  { batch, result }: { batch: SealedBatch; result: SendResult },
): Promise<void> {
  if (result.type === 'acknowledged') {
    await forget(options, batch);
    report.batches += 1;
    if (result.ack.duplicate) report.duplicates += 1;
    report.accepted += result.ack.accepted;
    report.rejected += result.ack.rejected.length;
    options.onAck?.(result.ack, batch);
  } else if (result.type === 'refused' && isHopeless(batch, result.verdict)) {
    const { status, detail } = result;
    await buryBatch(options.storage, options.model, { batch, status, detail });
    report.rejected += eventCount(batch.header);
    options.onDead?.(batch, status, detail);
  } else {
    report.stopped = await postpone(options, batch, result);
  }
}

function forget({ storage, model }: DrainOptions, batch: SealedBatch): Promise<void> {
  return storage.write(['batches'], 'relaxed', (tx) =>
    tx.delete('batches', [model, batch.header.batch]),
  );
}

async function postpone(
  { storage, model, adapters }: DrainOptions,
  batch: SealedBatch,
  result: Exclude<SendResult, { type: 'acknowledged' }>,
): Promise<NonNullable<DrainReport['stopped']>> {
  const isUnauthorised = result.type === 'refused' && result.verdict === 'unauthorised';
  const retryAfterMs = result.type === 'refused' ? result.retryAfterMs : null;
  const retryInMs = isUnauthorised
    ? UNAUTHORISED_DELAY_MS
    : retryDelayMs(batch.attempts, retryAfterMs, adapters.rng);
  const nowMs = adapters.nowMs();
  const waiting: SealedBatch = {
    ...batch,
    attempts: batch.attempts + 1,
    notBeforeMs: nowMs + retryInMs,
    ...(result.type === 'refused' && { refusals: oneMore(batch.refusals, result.verdict, nowMs) }),
  };
  await storage.write(['batches'], 'relaxed', async (tx) => {
    const key = [model, batch.header.batch];
    // Another tab may have delivered it meanwhile: putting it back would send it for ever.
    if ((await tx.get('batches', key)) === undefined) return;
    await tx.put('batches', key, waiting);
  });
  if (result.type === 'unreachable') return { reason: 'offline', detail: result.detail, retryInMs };
  const reason = isUnauthorised ? 'unauthorised' : 'server';
  return { reason, detail: `${result.status} ${result.detail}`.trim(), retryInMs };
}

const isHopeless = ({ refusals }: SealedBatch, verdict: Verdict): boolean =>
  verdict === 'dead' || (verdict === 'damaged' && (refusals?.damaged ?? 0) >= DAMAGED_AT_MOST);

function oneMore(before: Refusals | undefined, verdict: Verdict, nowMs: number): Refusals {
  const { lastAtMs, forMs, damaged } = before ?? { lastAtMs: nowMs, forMs: 0, damaged: 0 };
  const sinceMs = Math.min(DAY_MS, Math.max(0, nowMs - lastAtMs));
  return {
    lastAtMs: nowMs,
    forMs: forMs + sinceMs,
    damaged: damaged + (verdict === 'damaged' ? 1 : 0),
  };
}
