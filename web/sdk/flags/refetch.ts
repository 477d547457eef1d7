import type { Rng } from '../../../shared/core/rng.ts';
import { SECOND_MS } from '../../../shared/core/time.ts';
import type { PageEvents } from '../adapters.ts';

/** A request older than this is not waited for: news since may not be in its answer. */
const SUPERSEDED_AFTER_MS = 500;
const FIRST_DELAY_MS = SECOND_MS;
const MAX_DELAY_MS = 30 * SECOND_MS;

export type Refetch = {
  /** Starts a request, or one more after the running one. Resolves when an attempt has ended. */
  now(): Promise<void>;
  dispose(): void;
};

type Options = { attempt: () => Promise<boolean>; rng: Rng; page: PageEvents };

/**
 * When flags are asked for again: at once for each reason given, one request after the other as
 * long as they are quick, and after a failure with full jitter until one succeeds.
 */
export function createRefetch({ attempt, rng, page }: Options): Refetch {
  let running: Promise<void> | null = null;
  let startedMs = 0;
  let isWanted = false;
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let isDisposed = false;

  const run = async (): Promise<void> => {
    clearTimeout(retry);
    isWanted = false;
    const isConfirmed = await attempt().catch(() => false);
    if (isDisposed || isWanted) return;
    failures = isConfirmed ? 0 : failures + 1;
    if (isConfirmed) return;
    clearTimeout(retry);
    const ceilingMs = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1));
    retry = setTimeout(() => void now(), FIRST_DELAY_MS / 4 + rng() * ceilingMs);
  };

  const start = (): Promise<void> => {
    startedMs = Date.now();
    const mine = run().then(() => {
      if (running === mine) running = null;
      if (isWanted && !isDisposed && !running) return start();
    });
    running = mine;
    return mine;
  };

  const now = (): Promise<void> => {
    if (isDisposed) return Promise.resolve();
    if (!running || Date.now() - startedMs > SUPERSEDED_AFTER_MS) return start();
    isWanted = true;
    return running;
  };

  const hint = () => {
    failures = 0;
    void now();
  };
  const unsubscribe = [page.on('online', hint), page.on('visible', hint)];
  return {
    now,
    dispose() {
      isDisposed = true;
      clearTimeout(retry);
      for (const leave of unsubscribe) leave();
    },
  };
}
