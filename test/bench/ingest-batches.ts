import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type {
  BatchHeader,
  OutcomeEvent,
  PredictionEvent,
} from '../../shared/contracts/telemetry.ts';
import { PROTOCOL_VERSION } from '../../shared/contracts/telemetry.ts';
import { uuidv7 } from '../../shared/core/ids.ts';
import { createRng } from '../../shared/core/rng.ts';
import type { SimulatedRow } from '../../shared/simulate/simulate-rows.ts';

export type SealedBytes = { id: string; body: Uint8Array<ArrayBuffer>; digest: string };

/** Batches as devices seal them, one device each: compressed before the clock starts. */
export function sealBatches(options: {
  model: string;
  version: string;
  rows: readonly SimulatedRow[];
  batchSize: number;
  seed: number;
  /** Each prediction is followed, at the end of its batch, by what really happened. */
  withOutcomes?: boolean;
}): SealedBytes[] {
  const { rows, batchSize } = options;
  const rng = createRng(options.seed);
  const batches: SealedBytes[] = [];
  for (let at = 0; at < rows.length; at += batchSize) {
    const slice = rows.slice(at, at + batchSize);
    const header: BatchHeader = {
      protocol: PROTOCOL_VERSION,
      batch: uuidv7(Date.now(), rng),
      model: options.model,
      device: `bench-${options.seed}-${at}`,
      writer: 'tab-one',
      from: 1,
      to: slice.length * (options.withOutcomes ? 2 : 1),
      sealedAt: Date.now(),
      dropped: { quota: 0, age: 0 },
    };
    const events = slice.map(
      ({ row, value }, i): PredictionEvent => ({
        type: 'prediction',
        seq: i + 1,
        at: Date.now(),
        source: 'model',
        version: options.version,
        assigned: options.version,
        variant: 'champion',
        value,
        interval: [value - 10, value + 10],
        latencyMs: 0.5 + rng(),
        features: row,
        warnings: 0,
      }),
    );
    const outcomes = options.withOutcomes ? outcomesOf(header, events, slice) : [];
    batches.push(sealed(header.batch, [header, ...events, ...outcomes]));
  }
  return batches;
}

function outcomesOf(
  { device, writer }: BatchHeader,
  predictions: readonly PredictionEvent[],
  rows: readonly SimulatedRow[],
): OutcomeEvent[] {
  return predictions.map(({ seq, at, value, version, assigned, source }, i) => ({
    type: 'outcome',
    seq: predictions.length + seq,
    at,
    prediction: `${device}.${writer}:${seq}`,
    value: rows[i].value,
    observedAt: at,
    predicted: value,
    version,
    assigned,
    source,
  }));
}

function sealed(id: string, lines: unknown[]): SealedBytes {
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  const body = new Uint8Array(gzipSync(text));
  return { id, body, digest: createHash('sha256').update(body).digest('base64') };
}
