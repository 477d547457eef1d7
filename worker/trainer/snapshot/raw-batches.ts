import { LIMITS } from '../../../shared/contracts/limits.ts';
import type { OutcomeEvent } from '../../../shared/contracts/telemetry.ts';
import { placeEvent } from '../../telemetry/clock.ts';
import { gunzip } from '../../telemetry/gunzip.ts';
import { parseBatch } from '../../telemetry/parse-batch.ts';
import { isForeign } from '../../telemetry/refuse-event.ts';

export type RawPrediction = {
  id: string;
  /** Unix ms by the server's clock. */
  at: number;
  features: Record<string, number | string | null>;
};
export type RawLabel = { prediction: string; value: number };
export type RawEvents = { predictions: RawPrediction[]; labels: RawLabel[] };

/**
 * Predictions with their features, and labels, of one raw object (gzip batch or outcomes file). Raw
 * objects hold what was sent, rejected lines too: the same checks as at ingest leave those out.
 */
export async function readRawObject(object: R2ObjectBody): Promise<RawEvents> {
  if (!object.key.endsWith('.gz')) return labelsOfFile(await object.text());
  const inflated = await gunzip(
    new Uint8Array(await object.arrayBuffer()),
    LIMITS.batchDecompressedBytes,
  );
  const parsed = inflated.ok ? parseBatch(inflated.value) : inflated;
  if (!parsed.ok)
    throw new Error(`Broken invariant: ${object.key} was accepted and cannot be read`);
  const { header, events } = parsed.value;
  const clock = clockOf(object);
  const raw: RawEvents = { predictions: [], labels: [] };
  for (const event of events) {
    if (isForeign(event, header.device)) continue;
    if (event.type === 'outcome') raw.labels.push(labelOf(event));
    else if (event.type === 'prediction' && event.features)
      raw.predictions.push({
        id: `${header.device}.${header.writer}:${event.seq}`,
        at: placeEvent(event.at, clock).atMs,
        features: event.features,
      });
  }
  return raw;
}

/** What ingest kept beside the bytes: a device whose clock is a year off is placed right again. */
function clockOf({ customMetadata, uploaded }: R2ObjectBody) {
  const receivedMs = Number(customMetadata?.['receivedMs'] ?? uploaded.getTime());
  return { sentAtMs: Number(customMetadata?.['sentAtMs'] ?? receivedMs), receivedMs };
}

/** A backend's outcomes: written by the service that had checked them, without a sequence number. */
function labelsOfFile(text: string): RawEvents {
  const labels = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => labelOf(JSON.parse(line) as OutcomeEvent));
  return { predictions: [], labels };
}

const labelOf = (event: OutcomeEvent): RawLabel => ({
  prediction: event.prediction,
  value: event.value,
});
