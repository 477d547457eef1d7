import type * as v from 'valibot';
import { LIMITS } from '../../shared/contracts/limits.ts';
import type {
  OutcomesRequest,
  outcomesResponse,
  PredictionEvent,
  ShadowEvent,
} from '../../shared/contracts/telemetry.ts';
import { creditedVersion } from '../../shared/contracts/telemetry.ts';
import { toHex } from '../../shared/core/base64url.ts';
import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';
import { DAY_MS } from '../../shared/core/time.ts';
import { findModel } from '../store/models.ts';
import { batchKey, createOnly, outcomesKey } from '../store/r2-keys.ts';
import type { OutcomeEntry } from '../telemetry/enter-outcomes.ts';
import { gunzip } from '../telemetry/gunzip.ts';
import { parseBatch } from '../telemetry/parse-batch.ts';
import type { Failure } from './failure.ts';
import type { Scope } from './scope.ts';
import { telemetryObject } from './telemetry-object.ts';
import type { VersionBins } from './version-bins.ts';
import { loadVersionBins, UNASSIGNED_BUCKET_MS } from './version-bins.ts';

export type OutcomesResponse = v.InferOutput<typeof outcomesResponse>;
type Rejected = OutcomesResponse['rejected'];
type Told = OutcomesRequest['outcomes'][number] & { index: number };
type Named = Told & { device: string; writer: string; seq: number };
type Found = Named & { event: PredictionEvent; shadow: ShadowEvent | null };
type Read = {
  predictions: Map<number, PredictionEvent>;
  /** By the prediction they stand beside; those that were sealed into a later batch are not looked for. */
  shadows: Map<string, ShadowEvent>;
};

const FUTURE_TOLERANCE_MS = DAY_MS;
/** A Worker has six connections at a time. */
const READS_AT_ONCE = 6;

/** What a backend or a CSV says really happened, by prediction id. The first outcome counts. */
export async function recordOutcomes(
  scope: Scope,
  model: string,
  request: OutcomesRequest,
): Promise<Result<OutcomesResponse, Failure>> {
  if (!(await findModel(scope.env.DB, scope.workspace, model)))
    return fail({ reason: 'not_found', what: `model ${model}` });
  const rejected: Rejected = [];
  const named = request.outcomes.flatMap((outcome, index): Named[] => {
    if (Date.parse(outcome.observedAt) <= scope.nowMs + FUTURE_TOLERANCE_MS)
      return [{ ...outcome, index, ...partsOf(outcome.predictionId) }];
    rejected.push({ index, predictionId: outcome.predictionId, reason: 'observed_in_future' });
    return [];
  });
  const { found, lost } = await findPredictions(scope, model, named);
  rejected.push(...lost);
  rejected.sort((a, b) => a.index - b.index);
  if (found.length === 0) return ok({ accepted: 0, duplicate: 0, rejected });
  await keepRaw(scope, model, found);
  const accepted = await enter(scope, model, found);
  return ok({ accepted, duplicate: found.length - accepted, rejected });
}

/** `device.writer:seq` */
function partsOf(predictionId: string): { device: string; writer: string; seq: number } {
  const [name, seq] = predictionId.split(':');
  const [device, writer] = name.split('.');
  return { device, writer, seq: Number(seq) };
}

/** The ledger knows the batch of each, the batch says what was predicted. */
async function findPredictions(
  scope: Scope,
  model: string,
  named: Named[],
): Promise<{ found: Found[]; lost: Rejected }> {
  const { byBatch, lost } = await findBatches(scope, model, named);
  const found: Found[] = [];
  const batches = [...byBatch];
  for (let at = 0; at < batches.length; at += READS_AT_ONCE)
    await Promise.all(
      batches.slice(at, at + READS_AT_ONCE).map(async ([batch, outcomes]) => {
        const read = await readPredictions(scope, batchKey(scope.workspace, model, batch));
        for (const outcome of outcomes) {
          const event = read?.predictions.get(outcome.seq);
          const shadow = read?.shadows.get(outcome.predictionId) ?? null;
          if (event) found.push({ ...outcome, event, shadow });
          else lost.push(rejectedFor(outcome, read ? 'unknown_prediction' : 'batch_missing'));
        }
      }),
    );
  return { found: found.sort((a, b) => a.index - b.index), lost };
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

function groupByObject<T extends { device: string }>(scope: Scope, model: string, items: T[]) {
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
async function readPredictions(scope: Scope, key: string): Promise<Read | null> {
  const stored = await scope.env.BUCKET.get(key);
  if (!stored) {
    console.error('Broken invariant: in the ledger and not in R2:', key);
    return null;
  }
  const bytes = new Uint8Array(await stored.arrayBuffer());
  const inflated = await gunzip(bytes, LIMITS.batchDecompressedBytes);
  const parsed = inflated.ok ? parseBatch(inflated.value) : inflated;
  if (!parsed.ok) throw new Error(`Broken invariant: ${key} was accepted and cannot be read`);
  const read: Read = { predictions: new Map(), shadows: new Map() };
  for (const event of parsed.value.events) {
    if (event.type === 'prediction') read.predictions.set(event.seq, event);
    if (event.type === 'shadow') read.shadows.set(event.prediction, event);
  }
  return read;
}

/** One line an outcome, as a device would have told it: any summary can be rebuilt from R2. */
async function keepRaw(scope: Scope, model: string, found: Found[]): Promise<void> {
  const lines = found.map(({ predictionId, value, observedAt, event }) =>
    JSON.stringify({
      type: 'outcome',
      prediction: predictionId,
      value,
      observedAt: Date.parse(observedAt),
      predicted: event.value,
      version: event.version,
      assigned: event.assigned,
      source: event.source,
    }),
  );
  const bytes = new TextEncoder().encode(`${lines.join('\n')}\n`);
  const sha256 = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
  const key = outcomesKey(scope.workspace, model, { receivedMs: scope.nowMs, sha256 });
  await scope.env.BUCKET.put(key, bytes, { onlyIf: createOnly(), customMetadata: { sha256 } });
}

async function enter(scope: Scope, model: string, found: Found[]): Promise<number> {
  let accepted = 0;
  for (const [object, outcomes] of groupByObject(scope, model, found)) {
    const entries: OutcomeEntry[] = [];
    for (const outcome of outcomes) entries.push(await entryOf(scope, model, outcome));
    accepted += (await object.enterOutcomes(entries)).filter(Boolean).length;
  }
  return accepted;
}

async function entryOf(scope: Scope, model: string, outcome: Found): Promise<OutcomeEntry> {
  const { source, value: predicted, features } = outcome.event;
  const version = creditedVersion(outcome.event);
  const bins = await binsOf(scope, model, version);
  const group = features?.[bins?.declaration.sensitive ?? ''];
  const shadow = await shadowOf(scope, model, outcome.shadow);
  return {
    prediction: outcome.predictionId,
    bucketMs: bucketNow(scope, bins),
    version,
    source,
    predicted,
    value: outcome.value,
    ...(typeof group === 'string' && bins?.groups.includes(group) ? { group } : {}),
    ...(shadow ? { shadow } : {}),
  };
}

async function shadowOf(
  scope: Scope,
  model: string,
  shadow: ShadowEvent | null,
): Promise<OutcomeEntry['shadow'] | null> {
  if (shadow?.value === undefined) return null;
  const { version, value: predicted } = shadow;
  const bins = await binsOf(scope, model, version);
  return bins && { version, predicted, bucketMs: bucketNow(scope, bins) };
}

async function binsOf(
  { env, workspace, nowMs }: Scope,
  model: string,
  version: string | null,
): Promise<VersionBins | null> {
  return version === null ? null : loadVersionBins(env, { workspace, model, version }, nowMs);
}

function bucketNow({ nowMs }: Scope, bins: VersionBins | null): number {
  const widthMs = bins?.bucketMs ?? UNASSIGNED_BUCKET_MS;
  return Math.floor(nowMs / widthMs) * widthMs;
}
