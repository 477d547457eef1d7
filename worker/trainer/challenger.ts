import { findUseCase } from '../../models/registry.ts';
import type { Manifest, RegressionMetrics } from '../../shared/contracts/manifest.ts';
import { nextMinor } from '../../shared/core/semver.ts';
import { assembleVersion } from '../../shared/train/assemble-version.ts';
import { evaluateModel } from '../../shared/train/evaluate-model.ts';
import { finishTraining } from '../../shared/train/finish-training.ts';
import { storeArtifact } from '../services/artifacts.ts';
import { publishVersion } from '../services/publish.ts';
import type { Scope } from '../services/scope.ts';
import { artifactKey } from '../store/r2-keys.ts';
import { listVersions, manifestOf, type VersionRow } from '../store/versions.ts';
import { signByTrainer } from './retraining-key.ts';
import { sha256Hex } from './sha256.ts';
import { resume, type Training } from './training.ts';

/** Fixed before the version is made, so that making it twice gives the same bytes. */
export type Naming = { version: string; createdAt: string; durationMs: number };

/** The next minor version after the greatest there is. */
export async function nameChallenger(
  scope: Scope,
  model: string,
  startedMs: number,
): Promise<Naming> {
  const [newest] = await listVersions(scope.env.DB, scope.workspace, model);
  return {
    version: nextMinor(newest.version),
    createdAt: new Date(scope.nowMs).toISOString(),
    durationMs: scope.nowMs - startedMs,
  };
}

export type Comparison = { champion: RegressionMetrics; challenger: RegressionMetrics };

export type ChallengerOptions = {
  training: Training;
  naming: Naming;
  champion: VersionRow;
  runId: string;
  retrainingKey: string;
};

/**
 * Exports the trained model, signs and registers it, and measures champion and challenger on the
 * same held-out rows with the same runtime.
 */
export async function registerChallenger(
  scope: Scope,
  options: ChallengerOptions,
): Promise<Comparison> {
  const { training, naming, champion } = options;
  const { dataset, state } = await resume(training);
  const { training: table, heldOut } = dataset;
  const draft = finishTraining({
    state,
    declaration: training.declaration,
    fallback: findUseCase(champion.model)?.fallback ?? null,
    table,
    test: heldOut,
    ...naming,
    datasetSha256: training.datasetSha256,
    source: 'telemetry',
    parentVersion: champion.version,
    runId: options.runId,
  });
  const assembled = await assembleVersion(draft, sha256Hex);
  for (const file of assembled.manifest.files)
    await upload(scope, file.sha256, assembled.files.get(file.role)!);
  const signed = await signByTrainer(assembled.manifestBytes, options.retrainingKey);
  const published = await publishVersion(scope, {
    model: champion.model,
    version: naming.version,
    signed,
  });
  if (!published.ok)
    throw new Error(`${naming.version} was not registered: ${JSON.stringify(published.error)}`);
  return {
    champion: await evaluate(scope, manifestOf(champion), heldOut),
    challenger: await evaluate(scope, assembled.manifest, heldOut),
  };
}

async function upload(scope: Scope, sha256: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const stored = await storeArtifact(scope, {
    sha256,
    sizeBytes: bytes.length,
    body: new Response(bytes).body,
  });
  if (!stored.ok) throw new Error(`${sha256} was not stored: ${JSON.stringify(stored.error)}`);
}

async function evaluate(
  scope: Scope,
  manifest: Manifest,
  heldOut: Parameters<typeof evaluateModel>[1],
): Promise<RegressionMetrics> {
  const file = manifest.files.find(({ role }) => role === 'model')!;
  const object = await scope.env.BUCKET.get(artifactKey(scope.workspace, file.sha256));
  if (!object) throw new Error(`The model file of ${manifest.version} is gone from R2.`);
  const metrics = evaluateModel(new Uint8Array(await object.arrayBuffer()), heldOut);
  if (!metrics.ok)
    throw new Error(`${manifest.version} cannot be run here: ${JSON.stringify(metrics.error)}`);
  return metrics.value;
}
