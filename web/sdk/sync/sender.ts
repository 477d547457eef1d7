import { SECOND_MS } from '../../../shared/core/time.ts';
import type { DrainReport } from './drain.ts';

/** Recorded events are sent at the latest this long after they were recorded, network willing. */
const SEND_WITHIN_MS = 3 * SECOND_MS;
const DEFAULT_FLUSH_SIZE = 50;
/** However many events there are, no more batches than this asks for. */
const BETWEEN_SENDS_MS = SECOND_MS;
const BETWEEN_OUTCOMES_MS = SECOND_MS / 5;

export type Sender = {
  /** An event was recorded; an outcome is sent at once. */
  recorded(isOutcome: boolean): void;
  /** What the last acknowledgement asked for. */
  setFlushSize(events: number): void;
  /** Sends what is stored, now; waits for a run that has started and then runs again. */
  run(options: { isForced: boolean; keepalive?: boolean }): Promise<DrainReport>;
  /** A hint that the network may be back. */
  wake(): void;
  dispose(): void;
};

type Options = {
  drain: (options: { isForced: boolean; keepalive: boolean }) => Promise<DrainReport>;
  onRun: (report: DrainReport) => void;
};

/** Decides when to send: enough events, some seconds, an outcome, or the time to try again. */
export function createSender({ drain, onRun }: Options): Sender {
  let flushSize = DEFAULT_FLUSH_SIZE;
  let recordedSince = 0;
  let last: Promise<unknown> = Promise.resolve();
  let timer: { at: number; id: ReturnType<typeof setTimeout> } | null = null;
  let blockedUntil = 0;
  let lastRunAt = 0;
  let isDisposed = false;

  const schedule = (delayMs: number) => {
    const at = Math.max(Date.now() + delayMs, blockedUntil);
    if (isDisposed || (timer && timer.at <= at)) return;
    if (timer) clearTimeout(timer.id);
    const id = setTimeout(
      () => {
        timer = null;
        void run({ isForced: false });
      },
      Math.max(0, at - Date.now()),
    );
    timer = { at, id };
  };

  const run: Sender['run'] = ({ isForced, keepalive = false }) => {
    const mine = last.then(async () => {
      recordedSince = 0;
      lastRunAt = Date.now();
      const report = await drain({ isForced, keepalive });
      blockedUntil = report.stopped ? Date.now() + report.stopped.retryInMs : 0;
      if (report.stopped) schedule(0);
      onRun(report);
      return report;
    });
    last = mine.catch(() => schedule(SEND_WITHIN_MS));
    return mine;
  };

  return {
    recorded(isOutcome) {
      recordedSince += 1;
      const sinceMs = Date.now() - lastRunAt;
      if (isOutcome) schedule(BETWEEN_OUTCOMES_MS - sinceMs);
      else schedule(recordedSince >= flushSize ? BETWEEN_SENDS_MS - sinceMs : SEND_WITHIN_MS);
    },
    setFlushSize(events) {
      flushSize = Math.max(1, Math.min(1000, events));
    },
    run,
    wake() {
      if (!isDisposed) void run({ isForced: true });
    },
    dispose() {
      isDisposed = true;
      if (timer) clearTimeout(timer.id);
    },
  };
}
