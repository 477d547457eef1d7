import type * as v from 'valibot';
import { LIMITS } from '../../shared/contracts/limits.ts';
import type {
  OutcomesRequest,
  outcomesResponse,
  PredictionEvent,
  ShadowEvent,
} from '../../shared/contracts/telemetry.ts';
import { batchKey } from '../store/r2-keys.ts';
import { gunzip } from '../telemetry/gunzip.ts';
import { parseBatch } from '../telemetry/parse-batch.ts';
import type { Scope } from './scope.ts';
import { telemetryObject } from './telemetry-object.ts';

export type OutcomesResponse = v.InferOutput<typeof outcomesResponse>;
export type Rejected = OutcomesResponse['rejected'];
type Told = OutcomesRequest['outcomes'][number] & { index: number };
export type Named = Told & { device: string; writer: string; seq: number };
export type Found = Named & {
  event: PredictionEvent;
  /** What stands beside it in its own batch. */
  shadow: ShadowEvent | null;
  /** Number of the last event in that batch. */
  lastSeq: number;
};
type Read = {
  predictions: Map<number, PredictionEvent>;
  /** By the prediction they stand beside. */
  shadows: Map<string, ShadowEvent>;
  lastSeq: number;
};

/** A Worker has six connections at a time. */
const READS_AT_ONCE = 6;

/** The ledger knows the batch of each, the batch says what was predicted. */
export async function findPredictions(
  scope: Scope,
  model: string,
  named: Named[],
): Promise<{ found: Found[]; lost: Rejected }> {
  const { byBatch, lost } = await findBatches(scope, model, named);
  const found: Found[] = [];
  for await (const { outcomes, read } of readEach(scope, model, byBatch))
    for (const outcome of outcomes) {
      const event = read?.predictions.get(outcome.seq);
      const shadow = read?.shadows.get(outcome.predictionId) ?? null;
      if (read && event) found.push({ ...outcome, event, shadow, lastSeq: read.lastSeq });
      else lost.push(rejectedFor(outcome, read ? 'unknown_prediction' : 'batch_missing'));
    }
  return { found: found.sort((a, b) => a.index - b.index), lost };
}

/**
 * A shadow answers after the user was answered, so some are sealed into the batch after their prediction's. One batch
 * further is looked, no more: a shadow that is later still is left out.
 * @returns by prediction
 */
export async function findLateShadows(
  scope: Scope,
  model: string,
  found: Found[],
): Promise<Map<string, ShadowEvent>> {
  const waiting = found.filter(({ shadow }) => shadow === null);
  const next = waiting.map((outcome) => ({ ...outcome, seq: outcome.lastSeq + 1 }));
  const { byBatch } = await findBatches(scope, model, next);
  const late = new Map<string, ShadowEvent>();
  for await (const { outcomes, read } of readEach(scope, model, byBatch))
    for (const { predictionId } of outcomes) {
      const shadow = read?.shadows.get(predictionId);
      if (shadow) late.set(predictionId, shadow);
    }
  return late;
}

type ReadBatch = { outcomes: Named[]; read: Read | null };

async function* readEach(
  scope: Scope,
  model: string,
  byBatch: ReadonlyMap<string, Named[]>,
): AsyncGenerator<ReadBatch> {
  const batches = [...byBatch];
  for (let at = 0; at < batches.length; at += READS_AT_ONCE)
    yield* await Promise.all(
      batches.slice(at, at + READS_AT_ONCE).map(async ([batch, outcomes]) => {
        const key = batchKey(scope.workspace, model, batch);
        return { outcomes, read: await readBatch(scope, key) };
      }),
    );
}

const rejectedFor = ({ index, predictionId }: Named, reason: string): Rejected[number] => ({
  index,
  predictionId,
  reason,
});

async function findBatches(
  scope: Scope,
  model: string,
  named: Named[],
): Promise<{ byBatch: Map<string, Named[]>; lost: Rejected }> {
  const byBatch = new Map<string, Named[]>();
  const lost: Rejected = [];
  for (const [object, outcomes] of groupByObject(scope, model, named)) {
    const batches = await object.findBatches(
      outcomes.map(({ device, writer, seq }) => ({ device, writer, seq })),
    );
    for (const [at, known] of batches.entries()) {
      const outcome = outcomes[at];
      if (!known) lost.push(rejectedFor(outcome, 'unknown_prediction'));
      else if (known.rejectedFor !== null) lost.push(rejectedFor(outcome, 'prediction_rejected'));
      else byBatch.set(known.batch, [...(byBatch.get(known.batch) ?? []), outcome]);
    }
  }
  return { byBatch, lost };
}

export function groupByObject<T extends { device: string }>(
  scope: Scope,
  model: string,
  items: T[],
) {
  const groups = new Map<string, { object: ReturnType<typeof telemetryObject>; items: T[] }>();
  for (const item of items) {
    const where = { workspace: scope.workspace, model, device: item.device };
    const object = telemetryObject(scope.env, where);
    const id = object.id.toString();
    const group = groups.get(id) ?? { object, items: [] };
    group.items.push(item);
    groups.set(id, group);
  }
  return [...groups.values()].map((group) => [group.object, group.items] as const);
}

/** Null where the ledger knows a batch that R2 has lost: its outcomes cannot be told, others can. */
async function readBatch(scope: Scope, key: string): Promise<Read | null> {
  const stored = await scope.env.BUCKET.get(key);
  if (!stored) {
    console.error('Broken invariant: in the ledger and not in R2:', key);
    return null;
  }
  const bytes = new Uint8Array(await stored.arrayBuffer());
  const inflated = await gunzip(bytes, LIMITS.batchDecompressedBytes);
  const parsed = inflated.ok ? parseBatch(inflated.value) : inflated;
  if (!parsed.ok) throw new Error(`Broken invariant: ${key} was accepted and cannot be read`);
  const { header, events } = parsed.value;
  const read: Read = { predictions: new Map(), shadows: new Map(), lastSeq: header.to };
  for (const event of events) {
    if (event.type === 'prediction') read.predictions.set(event.seq, event);
    if (event.type === 'shadow') read.shadows.set(event.prediction, event);
  }
  return read;
}
