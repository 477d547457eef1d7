import type { Declaration } from '../../shared/contracts/declaration.ts';
import type { Manifest, ManifestFile } from '../../shared/contracts/manifest.ts';
import { CHUNK_SIZE_BYTES } from '../../shared/contracts/manifest.ts';
import { toHex } from '../../shared/core/base64url.ts';
import { createRng, normal } from '../../shared/core/rng.ts';
import { buildReferenceProfile } from '../../shared/stats/profile/reference-profile.ts';
import type { Publisher } from './publisher.ts';
import type { TestWorkspace } from './workspace.ts';

/** A use case of two inputs: distance in [0, 20], about normal around 10, and weather. */
export const DECLARATION: Declaration = {
  id: 'parcel-time',
  title: 'Parcel time',
  description: 'Minutes until a parcel arrives.',
  task: { type: 'regression', unit: 'min' },
  inputs: [
    {
      name: 'distance',
      label: 'Distance',
      type: 'number',
      unit: 'km',
      range: [0, 20],
      missing: 'impute',
    },
    {
      name: 'weather',
      label: 'Weather',
      type: 'category',
      categories: [
        { value: 'dry', label: 'Dry' },
        { value: 'rain', label: 'Rain' },
      ],
      missing: 'impute',
    },
  ],
  target: { name: 'minutes', label: 'Minutes', unit: 'min', range: [0, 120] },
  splitBy: { type: 'random' },
  search: { algorithms: ['ridge'], folds: 5 },
  objective: 'mae',
  gates: [
    { metric: 'mae', maxRatioToChampion: 1.1, minSamples: 20 },
    { metric: 'error_rate', max: 0.05, minSamples: 20 },
  ],
  rollout: { steps: [0.01, 0.5, 1], holdMs: 0 },
  monitors: {
    drift: { minSamples: 100, alpha: 0.001, minPsi: 0.2, windowMs: 600_000 },
    fallbackRate: { max: 0.2, minSamples: 50 },
    errorRate: { max: 0.1, minSamples: 50 },
    mae: { max: 20, minSamples: 50 },
  },
  retraining: { cron: '0 3 * * *', minNewLabels: 50, cooldownMs: 0 },
  businessMetrics: [],
  logging: { features: true },
};

/** The same inputs, and whether the parcel will be late: class 1. */
export const BINARY: Partial<Declaration> = {
  task: {
    type: 'binary',
    classes: [
      { value: 'on-time', label: 'On time' },
      { value: 'late', label: 'Late' },
    ],
    threshold: 0.4,
  },
  target: { name: 'late', label: 'Late', unit: '', range: [0, 1] },
  objective: 'brier',
  gates: [
    { metric: 'brier', max: 0.25, minSamples: 50 },
    { metric: 'calibration_error', max: 0.1, minSamples: 50 },
    { metric: 'recall', min: 0.5, minSamples: 20 },
  ],
  monitors: {
    drift: { minSamples: 100, alpha: 0.001, minPsi: 0.2, windowMs: 600_000 },
    fallbackRate: { max: 0.2, minSamples: 50 },
    errorRate: { max: 0.1, minSamples: 50 },
    brier: { max: 0.25, minSamples: 50 },
  },
};

export type VersionOptions = {
  version: string;
  declaration?: Partial<Declaration>;
  /** Changes the manifest before it is signed. */
  change?: (manifest: Manifest) => Manifest;
  /** Leaves this file out of R2. */
  leaveOut?: ManifestFile['role'];
};

/** Uploads a version's files; answers its manifest. The Worker never runs the graph. */
export async function uploadVersion(
  workspace: TestWorkspace,
  options: VersionOptions,
): Promise<Manifest> {
  const declaration = { ...DECLARATION, ...options.declaration };
  const contents: [ManifestFile['role'], unknown][] = [
    ['model', `a graph of ${declaration.id} ${options.version}`],
    ['reference', referenceProfile(declaration.task.type)],
    ['probe', { schemaVersion: 1, tolerance: 1e-4, rows: [] }],
    ['declaration', declaration],
  ];
  const files: ManifestFile[] = [];
  for (const [role, content] of contents) {
    const bytes = new TextEncoder().encode(JSON.stringify(content));
    const sha256 = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
    files.push({
      role,
      sha256,
      sizeBytes: bytes.length,
      chunkSizeBytes: CHUNK_SIZE_BYTES,
      chunks: [sha256],
    });
    if (role !== options.leaveOut) await workspace.call('PUT', `/v1/artifacts/${sha256}`, bytes);
  }
  const manifest = manifestOf(declaration, options.version, files);
  return options.change ? options.change(manifest) : manifest;
}

/** Uploads, signs and publishes. */
export async function publish(
  workspace: TestWorkspace,
  publisher: Publisher,
  options: VersionOptions,
): Promise<Response> {
  const manifest = await uploadVersion(workspace, options);
  const { model, version } = manifest;
  return workspace.call('PUT', `/v1/models/${model}/versions/${version}`, {
    manifest: await publisher.sign(manifest),
  });
}

/** What the classifier answers to a distance. */
export const probabilityOf = (distance: number): number =>
  Math.min(0.95, Math.max(0.05, 0.5 + (distance - 10) / 8));

function referenceProfile(task: Declaration['task']['type']) {
  const rng = createRng(7);
  const distance = Float64Array.from({ length: 2000 }, () => 10 + 2 * normal(rng));
  const weather = Array.from({ length: 2000 }, () => (rng() < 0.7 ? 'dry' : 'rain'));
  const answers = distance.map((x) => (task === 'binary' ? probabilityOf(x) : 10 + 2 * x));
  return buildReferenceProfile({
    inputs: {
      distance: { type: 'number', values: distance },
      weather: { type: 'category', values: weather, categories: ['dry', 'rain'] },
    },
    prediction: answers,
    target: task === 'binary' ? answers.map((p) => (rng() < p ? 1 : 0)) : answers,
  });
}

function manifestOf(declaration: Declaration, version: string, files: ManifestFile[]): Manifest {
  const isBinary = declaration.task.type === 'binary';
  const ofNumbers = { mae: 1, rmse: 1.3, r2: 0.9, rows: 2000 };
  const ofClasses = {
    ...{ roc_auc: 0.75, pr_auc: 0.7, log_loss: 0.55, brier: 0.19, accuracy: 0.72 },
    ...{ ece: 0.02, rows: 2000 },
  };
  return {
    schemaVersion: 1,
    model: declaration.id,
    version,
    createdAt: '2026-11-20T00:00:00.000Z',
    task: declaration.task,
    format: 'onnx',
    inputs: declaration.inputs,
    target: { name: 'minutes', label: 'Minutes', unit: 'min' },
    files,
    interval: isBinary ? null : { level: 0.9, lower: -2, upper: 2 },
    baseline: { distance: 10, weather: 'dry' },
    importance: { distance: 0.9, weather: 0.1 },
    metrics: {
      crossValidation: isBinary ? ofClasses : ofNumbers,
      test: null,
      fallback: isBinary ? { ...ofClasses, brier: 0.24 } : { ...ofNumbers, mae: 4 },
    },
    lineage: {
      algorithm: 'ridge',
      parameters: { alpha: 1 },
      seed: 1,
      datasetSha256: '0'.repeat(64),
      rows: 2000,
      source: 'simulation',
      parentVersion: null,
      runId: null,
      durationMs: 10,
    },
  };
}
