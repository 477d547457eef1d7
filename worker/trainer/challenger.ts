import { findUseCase } from '../../models/registry.ts';
import type { Result } from '../../shared/core/result.ts';
import { nextMinor } from '../../shared/core/semver.ts';
import { assembleVersion } from '../../shared/train/assemble-version.ts';
import { finishTraining } from '../../shared/train/finish-training.ts';
import type { TrainingProblem } from '../../shared/train/plan-training.ts';
import { storeArtifact } from '../services/artifacts.ts';
import type { Failure } from '../services/failure.ts';
import { publishVersion } from '../services/publish.ts';
import { findRevocation } from '../services/revocations.ts';
import type { Scope } from '../services/scope.ts';
import { listVersions, type VersionRow } from '../store/versions.ts';
import { type NoKey, signByTrainer } from './retraining-key.ts';
import { sha256Hex } from './sha256.ts';
import { resume, type Training } from './training.ts';

/** Fixed before the version is made, so that making it twice gives the same bytes. */
export type Naming = { version: string; createdAt: string; durationMs: number };

/** The next minor version after the greatest there is; a revoked name is never used again. */
export async function nameChallenger(
  scope: Scope,
  model: string,
  startedMs: number,
): Promise<Naming> {
  const [newest] = await listVersions(scope.env.DB, scope.workspace, model);
  let version = nextMinor(newest.version);
  while (await findRevocation(scope, model, version)) version = nextMinor(version);
  return {
    version,
    createdAt: new Date(scope.nowMs).toISOString(),
    durationMs: scope.nowMs - startedMs,
  };
}

export type ChallengerOptions = {
  training: Training;
  naming: Naming;
  champion: VersionRow;
  runId: string;
  retrainingKey: string;
};

/**
 * Exports the trained model, signs and registers it. Done twice it is the same version; a name that
 * somebody else took meanwhile is `version_exists`.
 */
export async function registerChallenger(
  scope: Scope,
  options: ChallengerOptions,
): Promise<Result<null, Failure | NoKey | TrainingProblem>> {
  const { training, naming, champion } = options;
  const { dataset, state } = await resume(training);
  const draft = await finishTraining({
    state,
    declaration: training.declaration,
    fallback: findUseCase(champion.model)?.fallback ?? null,
    table: dataset.training,
    test: dataset.heldOut,
    ...naming,
    datasetSha256: training.datasetSha256,
    source: 'telemetry',
    parentVersion: champion.version,
    runId: options.runId,
  });
  if (!draft.ok) return draft;
  const assembled = await assembleVersion(draft.value, sha256Hex);
  const signed = await signByTrainer(assembled.manifestBytes, options.retrainingKey);
  if (!signed.ok) return signed;
  for (const file of assembled.manifest.files) {
    const stored = await upload(scope, file.sha256, assembled.files.get(file.role)!);
    if (!stored.ok) return stored;
  }
  const { version } = naming;
  const published = await publishVersion(scope, {
    model: champion.model,
    version,
    signed: signed.value,
  });
  return published.ok ? { ok: true, value: null } : published;
}

const upload = (scope: Scope, sha256: string, bytes: Uint8Array<ArrayBuffer>) =>
  storeArtifact(scope, { sha256, sizeBytes: bytes.length, body: new Response(bytes).body });
