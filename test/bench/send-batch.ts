import { BATCH_CONTENT_TYPE, type BatchAck } from '../../shared/contracts/telemetry.ts';
import type { Credentials } from '../support/server.ts';
import type { SealedBytes } from './ingest-batches.ts';

/** Sends one sealed batch as a device does. */
export async function sendBatch(server: Credentials, batch: SealedBytes): Promise<BatchAck> {
  const response = await fetch(`${server.endpoint}/v1/telemetry/batches`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${server.publishableKey}`,
      'content-type': BATCH_CONTENT_TYPE,
      'content-encoding': 'gzip',
      'content-digest': `sha-256=:${batch.digest}:`,
      'edgewise-sent-at': String(Date.now()),
    },
    body: batch.body,
  });
  if (!response.ok) throw new Error(`Refused: ${response.status} ${await response.text()}`);
  return (await response.json()) as BatchAck;
}
