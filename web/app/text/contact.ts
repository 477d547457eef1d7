import type { ClientStatus } from '../../sdk/main.ts';
import { ago } from './format.ts';

export type Contact = { state: 'online' | 'offline' | 'never'; words: string };

/** Without a stream, a server heard of longer ago than this is called out of reach. */
const FRESH_MS = 45_000;

type ContactInput = Pick<ClientStatus, 'flags' | 'outbox'> & {
  /** When the live stream was last known to be open. */
  lastLiveAt: number | null;
};

/**
 * Whether the server can be reached, judged by when it last answered: what the browser believes of
 * its network (`navigator.onLine`) is wrong too often to be shown.
 */
export function contactOf({ flags, outbox, lastLiveAt }: ContactInput, nowMs: number): Contact {
  // A stream can look open long after the network has gone: a delivery that failed knows better.
  const hasFailed = outbox.lastError !== null;
  if (flags.live && !hasFailed) return { state: 'online', words: 'Connected' };
  const closedAt = flags.live ? null : lastLiveAt;
  const last = Math.max(flags.confirmedAt ?? 0, outbox.lastSentAt ?? 0, closedAt ?? 0);
  if (last === 0) {
    const words = flags.state === 'loading' ? 'Connecting …' : 'Not yet in contact';
    return { state: 'never', words };
  }
  const since = ago(last, nowMs);
  const hasClosed = closedAt !== null && closedAt >= last;
  if (nowMs - last < FRESH_MS && !hasFailed && !hasClosed)
    return { state: 'online', words: `In contact ${since}` };
  return { state: 'offline', words: `Offline, last contact ${since}` };
}
