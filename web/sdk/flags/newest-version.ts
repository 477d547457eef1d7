import { MINUTE_MS } from '../../../shared/core/time.ts';

/** Twice as long as any isolate of the server remembers a configuration. */
const BELIEVE_AFTER_MS = MINUTE_MS;
const BELIEVE_AFTER_ANSWERS = 3;

export type NewestVersion = {
  /** The highest configuration version heard of in this session; null before any. */
  highest(): number | null;
  /** Someone names a version in force. @returns whether it is news: higher than any heard of */
  hear(version: number): boolean;
  /** The server answered with the flags of this version. @returns whether they may be taken */
  accepts(version: number): boolean;
};

/**
 * Configuration versions only grow, but the server's isolates remember older ones for a while: an
 * answer below what was heard of would undo a kill, so it is refused and asked for again. A server
 * whose database was restored or emptied starts lower for good: that is believed when every answer
 * of a minute, at least three, was lower; or in a new session, which begins knowing none.
 */
export function createNewestVersion(monotonicMs: () => number): NewestVersion {
  let highest: number | null = null;
  let refused = 0;
  let refusedSinceMs = 0;

  const isBelievable = () =>
    refused >= BELIEVE_AFTER_ANSWERS && monotonicMs() - refusedSinceMs >= BELIEVE_AFTER_MS;

  return {
    highest: () => highest,
    hear(version) {
      if (highest !== null && version <= highest) return false;
      highest = version;
      return true;
    },
    accepts(version) {
      if (highest !== null && version < highest) {
        if (refused === 0) refusedSinceMs = monotonicMs();
        refused += 1;
        if (!isBelievable()) return false;
      }
      refused = 0;
      highest = version;
      return true;
    },
  };
}
