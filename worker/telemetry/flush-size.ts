const SMALLEST = 20;
const LARGEST = 500;
/** An object takes about a thousand batches a second; ask for larger ones long before that. */
const COMFORTABLE_BATCHES_PER_SECOND = 50;
const MEMORY_MS = 10_000;

/** How many events a client should gather: grows with the load, so that batches per second do not. */
export function flushSizeAt(batchesPerSecond: number): number {
  const size = (SMALLEST * batchesPerSecond) / COMFORTABLE_BATCHES_PER_SECOND;
  return Math.round(Math.min(LARGEST, Math.max(SMALLEST, size)));
}

export type ArrivalRate = { perSecond: number; atMs: number };

/** The rate after one more arrival: an average over about ten seconds that fades by itself. */
export function withArrival(rate: ArrivalRate, nowMs: number): ArrivalRate {
  const faded = rate.perSecond * Math.exp(-Math.max(0, nowMs - rate.atMs) / MEMORY_MS);
  return { perSecond: faded + 1000 / MEMORY_MS, atMs: nowMs };
}
