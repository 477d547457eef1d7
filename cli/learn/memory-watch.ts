import type { Worker } from 'node:worker_threads';
import { heldBytes } from './thread-memory.ts';

/** Looks at what threads hold, while they are at work too. */
export type MemoryWatch = {
  readonly mostBytes: number;
  /** Looks at a thread until it ends. */
  add(worker: Worker): void;
  /** What is called when the thread, at work, is the largest and all hold too much; null: not at work. */
  setAtWork(worker: Worker, endIt: (() => void) | null): void;
  /** What is held for the search outside the threads. */
  setOwnBytes(bytes: number): void;
  /** The most that was seen held at once. */
  peakBytes(): number;
};

type Watched = { bytes: number; endIt: (() => void) | null };

const LOOK_EVERY_MS = 8;
/** What is taken between two looks, and until a thread has ended, has to fit as well. */
export const ALARM_SHARE = 0.8;

/** Whether this Node can say what a thread holds: 22.16, 24 and newer. */
export const canWatch = (worker: Partial<Worker>): boolean =>
  typeof worker.getHeapStatistics === 'function';

/** Ends the largest thread at work whenever all hold more than `mostBytes`, or nearly. */
export function startMemoryWatch(mostBytes: number): MemoryWatch {
  const threads = new Map<Worker, Watched>();
  let ownBytes = 0;
  let peak = 0;
  const look = (): void => {
    const all = [...threads.values()];
    const held = all.reduce((sum, { bytes }) => sum + bytes, ownBytes);
    peak = Math.max(peak, held);
    if (held <= ALARM_SHARE * mostBytes) return;
    const atWork = all.filter(({ endIt }) => endIt !== null);
    const [largest] = atWork.sort((a, b) => b.bytes - a.bytes);
    largest?.endIt?.();
  };
  const lookAt = async (worker: Worker): Promise<void> => {
    const watched = threads.get(worker);
    if (watched === undefined) return;
    watched.bytes = heldBytes(await worker.getHeapStatistics());
    look();
    setTimeout(() => lookAt(worker).catch(() => threads.delete(worker)), LOOK_EVERY_MS).unref();
  };
  return {
    mostBytes,
    add(worker) {
      threads.set(worker, { bytes: 0, endIt: null });
      worker.once('exit', () => threads.delete(worker));
      // A thread that has ended has nothing to be asked.
      worker.once('online', () => lookAt(worker).catch(() => threads.delete(worker)));
    },
    setAtWork(worker, endIt) {
      const watched = threads.get(worker);
      if (watched !== undefined) watched.endIt = endIt;
    },
    setOwnBytes: (bytes) => {
      ownBytes = bytes;
    },
    peakBytes: () => peak,
  };
}
