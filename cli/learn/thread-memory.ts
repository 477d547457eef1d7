import { getHeapStatistics, type HeapInfo, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What a thread holds: its heap, and typed arrays and code outside it; garbage not yet freed too. */
export const heldBytes = ({
  total_heap_size,
  external_memory,
  malloced_memory,
}: Pick<HeapInfo, 'total_heap_size' | 'external_memory' | 'malloced_memory'>): number =>
  total_heap_size + external_memory + malloced_memory;

/** What frees all that nothing refers to, at once. */
export function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}

const TIDY_EVERY_MS = 20;

/**
 * V8 lets tens of megabytes of dead typed arrays pile up before it frees them. What this gives, called
 * often, frees them once the thread that calls it holds more than `aboveBytes`.
 */
export function createTidying(aboveBytes: number | null): () => void {
  if (aboveBytes === null) return () => undefined;
  const collect = garbageCollector();
  let lookedMs = 0;
  return () => {
    const nowMs = Date.now();
    if (nowMs - lookedMs < TIDY_EVERY_MS) return;
    lookedMs = nowMs;
    if (heldBytes(getHeapStatistics()) > aboveBytes) collect();
  };
}
