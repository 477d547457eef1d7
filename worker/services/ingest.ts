import { LIMITS } from '../../shared/contracts/limits.ts';
import type { BatchAck } from '../../shared/contracts/telemetry.ts';
import { fromBase64url, toHex } from '../../shared/core/base64url.ts';
import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';
import { batchKey, createOnly } from '../store/r2-keys.ts';
import type { BatchDelta, DeltaContext } from '../telemetry/batch-delta.ts';
import { batchDelta, versionOf, versionsOf } from '../telemetry/batch-delta.ts';
import { gunzip } from '../telemetry/gunzip.ts';
import type { ParsedBatch } from '../telemetry/parse-batch.ts';
import { parseBatch } from '../telemetry/parse-batch.ts';
import { championTaskOf } from './champion-task.ts';
import { ensureModel } from './ensure-model.ts';
import type { Failure } from './failure.ts';
import { readConfiguration } from './flag-configuration.ts';
import type { Scope } from './scope.ts';
import { telemetryObject } from './telemetry-object.ts';
import type { VersionBins } from './version-bins.ts';
import { loadVersionBins } from './version-bins.ts';

export type ReceivedBatch = {
  bytes: Uint8Array<ArrayBuffer>;
  /** `Content-Digest` as it was sent (RFC 9530). */
  contentDigest: string | null;
  /** `Edgewise-Sent-At`: the device's clock at sending, Unix ms. */
  sentAtMs: number | null;
};

type Counted = {
  parsed: ParsedBatch;
  delta: BatchDelta;
  sha256: string;
  /** Kept beside the bytes: without it nobody could place the events in time again. */
  clock: DeltaContext['clock'];
};

/**
 * Appends one batch: bounds, checks, counts, keeps the raw bytes, then enters it in the model's
 * ledger. Everything before the ledger can be done twice; the ledger counts once.
 */
export async function ingestBatch(
  scope: Scope,
  received: ReceivedBatch,
): Promise<Result<BatchAck, Failure>> {
  const digest = await checkDigest(received);
  if (!digest.ok) return digest;
  const inflated = await gunzip(received.bytes, LIMITS.batchDecompressedBytes);
  if (!inflated.ok) return inflated;
  const parsed = parseBatch(inflated.value);
  if (!parsed.ok) return parsed;
  const { header, events } = parsed.value;
  const model = await ensureModel(scope, header.model);
  if (!model.ok) return model;
  const clock = { sentAtMs: received.sentAtMs ?? scope.nowMs, receivedMs: scope.nowMs };
  const bins = await loadBins(scope, parsed.value);
  if (!bins.ok) return bins;
  const isUnassigned = events.some((event) => versionOf(event) === null);
  const championTask = isUnassigned ? await championTaskOf(scope, header.model) : null;
  const { device } = header;
  const delta = batchDelta(events, { device, championTask, bins: bins.value, clock });
  const counted = { parsed: parsed.value, delta, sha256: digest.value, clock };
  const kept = await keepRaw(scope, counted, received.bytes);
  if (!kept.ok) return kept;
  return append(scope, counted);
}

async function checkDigest(received: ReceivedBatch): Promise<Result<string, Failure>> {
  const match = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43})=:/.exec(received.contentDigest ?? '');
  if (!match) return fail({ reason: 'digest_missing' });
  const said = fromBase64url(match[1].replaceAll('+', '-').replaceAll('/', '_'));
  const sha256 = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', received.bytes)));
  return said && toHex(said) === sha256 ? ok(sha256) : fail({ reason: 'digest_mismatch' });
}

async function loadBins(
  scope: Scope,
  { header, events }: ParsedBatch,
): Promise<Result<Map<string, VersionBins>, Failure>> {
  const versions = new Set<string>();
  for (const event of events)
    for (const version of versionsOf(event)) if (version !== null) versions.add(version);
  if (versions.size > LIMITS.batchVersions)
    return fail({
      reason: 'bad_batch',
      detail: `A batch names at most ${LIMITS.batchVersions} versions; this one names ${versions.size}.`,
    });
  const bins = new Map<string, VersionBins>();
  for (const version of versions) {
    const name = { workspace: scope.workspace, model: header.model, version };
    const loaded = await loadVersionBins(scope.env, name, scope.nowMs);
    if (loaded) bins.set(version, loaded);
  }
  return ok(bins);
}

/** Create-only. The same bytes may be there from an earlier try; others under this id may not. */
async function keepRaw(
  scope: Scope,
  { parsed: { header }, sha256, clock }: Counted,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Result<null, Failure>> {
  const key = batchKey(scope.workspace, header.model, header.batch);
  const put = await scope.env.BUCKET.put(key, bytes, {
    onlyIf: createOnly(),
    customMetadata: {
      sha256,
      sentAtMs: String(clock.sentAtMs),
      receivedMs: String(clock.receivedMs),
    },
  });
  if (put) return ok(null);
  const present = await scope.env.BUCKET.head(key);
  if (present?.customMetadata?.sha256 === sha256) return ok(null);
  return fail({ reason: 'batch_conflict', batch: header.batch });
}

async function append(
  scope: Scope,
  { parsed: { header, rejected }, delta, sha256 }: Counted,
): Promise<Result<BatchAck, Failure>> {
  const { workspace, env, nowMs } = scope;
  const object = telemetryObject(env, { workspace, model: header.model, device: header.device });
  const { profiles, outcomes, predictions, incidents, exposures, shadows, clamped } = delta;
  const entry = await object.append({
    header,
    sha256,
    profiles: JSON.stringify(profiles),
    outcomes,
    rejected: [...rejected, ...delta.rejected],
    counts: { predictions, incidents, exposures, shadows, clamped },
    receivedMs: nowMs,
  });
  // What the ledger does not count must not lie where summaries are rebuilt from.
  if (entry.status !== 'appended')
    await env.BUCKET.delete(batchKey(workspace, header.model, header.batch));
  if (entry.status === 'conflict') return fail({ reason: 'batch_conflict', batch: header.batch });
  const { version } = await readConfiguration(env, workspace, { nowMs });
  return ok({
    batch: header.batch,
    duplicate: entry.duplicate,
    accepted: entry.accepted,
    rejected: entry.rejected,
    flushSize: entry.flushSize,
    flagsVersion: version,
  });
}
