import { problemType } from '../../../shared/contracts/problem.ts';
import type { Rng } from '../../../shared/core/rng.ts';
import { MINUTE_MS, SECOND_MS } from '../../../shared/core/time.ts';

const BASE_DELAY_MS = SECOND_MS;
const MAX_DELAY_MS = 5 * MINUTE_MS;
/** No batch is made to wait for longer. */
export const LONGEST_WAIT_MS = 60 * MINUTE_MS;

/** Refusals of bytes that were sealed well: they were damaged on the way, most likely. */
const DAMAGED: readonly unknown[] = [problemType('digest-mismatch'), problemType('not-gzip')];

/**
 * What an answer says of a batch: come again, come again with other rights, come again a few times
 * for the bytes arrived damaged, or never.
 */
export type Verdict = 'retry' | 'unauthorised' | 'damaged' | 'dead';

/**
 * 5xx, 408, 425 and 429 pass; 401, 403 and 404 are the deployment's to mend (a key, a model not
 * published yet), so the batch waits; every other status would meet the same bytes again, but
 * for those that say that other bytes arrived.
 * @param body problem+json (RFC 9457), or anything a proxy says
 */
export function classifyRefusal(status: number, body: string): Verdict {
  if (status >= 500 || status === 408 || status === 425 || status === 429) return 'retry';
  if (status === 401 || status === 403 || status === 404) return 'unauthorised';
  return DAMAGED.includes(typeOfProblem(body)) ? 'damaged' : 'dead';
}

function typeOfProblem(body: string): unknown {
  try {
    return (JSON.parse(body) as { type?: unknown } | null)?.type;
  } catch {
    // Not JSON: not the server's own answer.
    return undefined;
  }
}

/**
 * Full jitter (Brooker 2015, "Exponential Backoff And Jitter"): uniform in [0, min(cap, base 2^n)],
 * and never before the server's Retry-After.
 */
export function retryDelayMs(attempts: number, retryAfterMs: number | null, rng: Rng): number {
  const jittered = rng() * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** Math.min(attempts, 20));
  return Math.max(jittered, Math.min(retryAfterMs ?? 0, LONGEST_WAIT_MS));
}

/** Milliseconds that a Retry-After header asks for: seconds or an HTTP date (RFC 9110, 10.2.3). */
export function parseRetryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Number(text) * SECOND_MS;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}
