import * as v from 'valibot';
import {
  BATCH_CONTENT_TYPE,
  type BatchAck,
  batchAck,
} from '../../../shared/contracts/telemetry.ts';
import type { Adapters } from '../adapters.ts';
import type { SealedBatch } from '../outbox/records.ts';
import { messageOf } from '../storage/storage-errors.ts';
import { classifyRefusal, parseRetryAfterMs, type Verdict } from './classify.ts';

const ANSWER_WITHIN_MS = 20_000;

/** Where telemetry goes; kept in storage too, so that a service worker can send without a page. */
export type Destination = { endpoint: string; publishableKey: string };

export type SendResult =
  | { type: 'acknowledged'; ack: BatchAck }
  | {
      type: 'refused';
      verdict: Verdict;
      status: number;
      detail: string;
      retryAfterMs: number | null;
    }
  | { type: 'unreachable'; detail: string };

/**
 * Sends one sealed batch. Only an acknowledgement that names the batch counts as one: a 200 of a
 * captive portal does not.
 */
export async function sendBatch(
  batch: SealedBatch,
  { endpoint, publishableKey }: Destination,
  { fetch, nowMs, keepalive }: Pick<Adapters, 'fetch' | 'nowMs'> & { keepalive: boolean },
): Promise<SendResult> {
  try {
    const response = await fetch(`${endpoint}/v1/telemetry/batches`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${publishableKey}`,
        'Content-Type': BATCH_CONTENT_TYPE,
        'Content-Encoding': 'gzip',
        'Content-Digest': `sha-256=:${batch.digest}:`,
        'Edgewise-Sent-At': String(Math.floor(nowMs())),
      },
      body: batch.body,
      keepalive,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const text = await response.text();
    if (!response.ok)
      return {
        type: 'refused',
        verdict: classifyRefusal(response.status, text),
        status: response.status,
        detail: text.slice(0, 500),
        retryAfterMs: parseRetryAfterMs(response.headers.get('Retry-After'), nowMs()),
      };
    return readAck(text, batch.header.batch);
  } catch (error) {
    return { type: 'unreachable', detail: messageOf(error) };
  }
}

function readAck(text: string, batch: string): SendResult {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), batchAck), text);
  if (parsed.success && parsed.output.batch === batch)
    return { type: 'acknowledged', ack: parsed.output };
  return { type: 'unreachable', detail: `the answer is no acknowledgement of ${batch}` };
}
