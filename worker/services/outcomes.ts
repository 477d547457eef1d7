import type { OutcomesRequest, ShadowEvent } from '../../shared/contracts/telemetry.ts';
import { creditedVersion } from '../../shared/contracts/telemetry.ts';
import { toHex } from '../../shared/core/base64url.ts';
import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';
import { DAY_MS } from '../../shared/core/time.ts';
import { findModel } from '../store/models.ts';
import { createOnly, outcomesKey } from '../store/r2-keys.ts';
import { findRunningRollout, stepOf } from '../store/rollouts.ts';
import type { OutcomeEntry } from '../telemetry/enter-outcomes.ts';
import { isClass } from '../telemetry/refuse-event.ts';
import { championTaskOf } from './champion-task.ts';
import type { Failure } from './failure.ts';
import type { Found, Named, OutcomesResponse, Rejected } from './find-predictions.ts';
import { findLateShadows, findPredictions, groupByObject } from './find-predictions.ts';
import type { Scope } from './scope.ts';
import type { VersionBins } from './version-bins.ts';
import { loadVersionBins, UNASSIGNED_BUCKET_MS } from './version-bins.ts';

const FUTURE_TOLERANCE_MS = DAY_MS;

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
  const { found: predicted, lost } = await findPredictions(scope, model, named);
  const { found, impossible } = await partPossible(scope, model, predicted);
  rejected.push(...lost, ...impossible);
  rejected.sort((a, b) => a.index - b.index);
  if (found.length === 0) return ok({ accepted: 0, duplicate: 0, rejected });
  await keepRaw(scope, model, found);
  const accepted = await enter(scope, model, await withLateShadows(scope, model, found));
  return ok({ accepted, duplicate: found.length - accepted, rejected });
}

/** `device.writer:seq` */
function partsOf(predictionId: string): { device: string; writer: string; seq: number } {
  const [name, seq] = predictionId.split(':');
  const [device, writer] = name.split('.');
  return { device, writer, seq: Number(seq) };
}

/** What a shadow answered is evidence of a running shadow step and of nothing else: then alone it is looked for. */
async function withLateShadows(scope: Scope, model: string, found: Found[]): Promise<Found[]> {
  const rollout = await findRunningRollout(scope.env.DB, scope.workspace, model);
  if (!rollout || stepOf(rollout).mode !== 'shadow') return found;
  const late = await findLateShadows(scope, model, found);
  return found.map((outcome) => ({
    ...outcome,
    shadow: outcome.shadow ?? late.get(outcome.predictionId) ?? null,
  }));
}

/** What happened to a row of a binary use case is one of its two classes. */
async function partPossible(
  scope: Scope,
  model: string,
  predicted: Found[],
): Promise<{ found: Found[]; impossible: Rejected }> {
  const found: Found[] = [];
  const impossible: Rejected = [];
  for (const outcome of predicted) {
    const bins = await binsOf(scope, model, creditedVersion(outcome.event));
    const { index, predictionId, value } = outcome;
    const task = bins?.task ?? (await championTaskOf(scope, model));
    if (task !== 'binary' || isClass(value)) found.push(outcome);
    else impossible.push({ index, predictionId, reason: 'not_a_class' });
  }
  return { found, impossible };
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
