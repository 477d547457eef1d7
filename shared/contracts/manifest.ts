import * as v from 'valibot';
import { isSemver } from '../core/semver.ts';
import { input, modelId, task } from './declaration.ts';

export const sha256Hex = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits'),
);
export const semver = v.pipe(v.string(), v.check(isSemver, 'expected a version like 1.2.3'));

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Size of the pieces that a download is verified and resumed by. */
export const CHUNK_SIZE_BYTES = 256 * 1024;

export const regressionMetrics = v.object({
  mae: v.number(),
  rmse: v.number(),
  r2: v.number(),
  rows: count,
});

/** Of a classifier's probabilities; accuracy at the task's threshold. Names as scikit-learn's scorers. */
export const binaryMetrics = v.object({
  roc_auc: v.number(),
  pr_auc: v.number(),
  log_loss: v.number(),
  brier: v.number(),
  accuracy: v.number(),
  /** Expected calibration error, ten equal bins. */
  ece: v.number(),
  rows: count,
});
/** The task says which. */
export const modelMetrics = v.union([regressionMetrics, binaryMetrics]);

export const manifestFile = v.object({
  /** model: what `format` says. reference: ReferenceProfile. probe: ProbeRows. declaration: Declaration. */
  role: v.picklist(['model', 'reference', 'probe', 'declaration']),
  sha256: sha256Hex,
  sizeBytes: count,
  chunkSizeBytes: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** sha256 of each chunk, in order. */
  chunks: v.pipe(v.array(sha256Hex), v.maxLength(4096)),
});

/**
 * What a version is. The publisher signs the exact bytes of its JSON; it travels inside the flag
 * value, so whatever is large (profile, probes, declaration) is a file it names by hash.
 */
export const manifest = v.object({
  schemaVersion: v.literal(1),
  model: modelId,
  version: semver,
  createdAt: v.pipe(v.string(), v.isoTimestamp()),
  task,
  /** Of the file in role model: an ONNX graph of raw inputs, or a tfjs model that encoded ones are fed to. */
  format: v.picklist(['onnx', 'tfjs']),
  inputs: v.pipe(v.array(input), v.minLength(1), v.maxLength(200)),
  target: v.object({ name: v.string(), label: v.string(), unit: v.string() }),
  files: v.pipe(v.array(manifestFile), v.minLength(1), v.maxLength(16)),
  /** Out-of-fold residual quantiles, target units: value + lower .. value + upper holds `level` of outcomes. Null: a classifier. */
  interval: v.nullable(v.object({ level: v.number(), lower: v.number(), upper: v.number() })),
  /** Reference median (number) or mode (category) per input: what occlusion replaces a value by. */
  baseline: v.record(v.string(), v.union([v.number(), v.string()])),
  /** Share of the increase in error when an input is permuted, per input, summing to 1. */
  importance: v.record(v.string(), v.number()),
  metrics: v.object({
    crossValidation: modelMetrics,
    test: v.nullable(modelMetrics),
    /** The declared heuristic on the same test rows (or the training rows when there are none); null where no heuristic code is at hand. */
    fallback: v.nullable(modelMetrics),
  }),
  lineage: v.object({
    algorithm: v.string(),
    parameters: v.record(v.string(), v.union([v.number(), v.string(), v.boolean()])),
    seed: v.number(),
    datasetSha256: sha256Hex,
    rows: count,
    /** Where the rows came from: a file, a simulation, or what devices sent home. */
    source: v.picklist(['file', 'simulation', 'telemetry']),
    parentVersion: v.nullable(semver),
    runId: v.nullable(v.string()),
    durationMs: v.number(),
  }),
});

export type Manifest = v.InferOutput<typeof manifest>;
export type ManifestFile = v.InferOutput<typeof manifestFile>;
export type RegressionMetrics = v.InferOutput<typeof regressionMetrics>;
export type BinaryMetrics = v.InferOutput<typeof binaryMetrics>;
export type ModelMetrics = v.InferOutput<typeof modelMetrics>;

/** Exact bytes and who signed them. Used for manifests and for revocation lists. */
export const signed = v.object({
  /** Base64url of the exact JSON bytes. */
  payload: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]+$/), v.maxLength(400_000)),
  /** Base64url Ed25519 signature over those bytes. */
  signature: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{86}$/)),
  /** First 16 hexadecimal digits of the sha256 of the raw public key. */
  keyId: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
});
export type Signed = v.InferOutput<typeof signed>;

/** The publisher's list of versions nobody may run, ever growing in `serial`. */
export const revocationList = v.object({
  schemaVersion: v.literal(1),
  serial: v.pipe(v.number(), v.integer(), v.minValue(1)),
  issuedAt: v.pipe(v.string(), v.isoTimestamp()),
  revoked: v.pipe(
    v.array(v.object({ model: modelId, version: semver, why: v.string() })),
    v.maxLength(1000),
  ),
});
export type RevocationList = v.InferOutput<typeof revocationList>;

export type InputValue = number | string | null;
/** Raw features of one row by input name: numbers, category values, null for missing. */
export type Row = Record<string, InputValue>;

/** Rows with the trainer's own answers, checked at activation to `tolerance` (absolute, target units). */
export const probeRows = v.object({
  schemaVersion: v.literal(1),
  tolerance: v.number(),
  rows: v.array(
    v.object({
      row: v.record(v.string(), v.nullable(v.union([v.number(), v.string()]))),
      value: v.number(),
    }),
  ),
});
export type ProbeRows = v.InferOutput<typeof probeRows>;
