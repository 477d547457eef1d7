import type {
  Manifest,
  ManifestFile,
  RevocationList,
  Row,
  Signed,
} from '../../../shared/contracts/manifest.ts';
import { keyIdOf, webCrypto } from '../../../shared/contracts/verify.ts';
import { toBase64url, toHex } from '../../../shared/core/base64url.ts';
import { utf8 } from '../../../shared/core/utf8.ts';
import { exportPipeline } from '../../../shared/onnx/export-pipeline.ts';
import type { Step } from '../../../shared/prepare/step.ts';
import { type ClassifierFile, classifierGraph, type LogOdds } from './classifier-graph.ts';

const hashing = webCrypto(crypto.subtle);
const bytesOf = (value: unknown) => Uint8Array.from(utf8(JSON.stringify(value)));

/** Small, so that a model of a few hundred bytes has places to break off in. */
const CHUNK_BYTES = 128;

/**
 * intercept + perKm * distance (5 when missing) + inRain when the weather is rain; with `classifier`, the
 * probability of being late of these log-odds. `file` takes the graph's place; it answers the same.
 */
export type TestModel = LogOdds & {
  classifier?: ClassifierFile;
  file?: Uint8Array<ArrayBuffer>;
};

/** A classifier's file as this repository exports it. */
export const OWN_FILE: ClassifierFile = { names: 'own', needsOnnxruntime: false };

export type Version = {
  manifest: Manifest;
  signed: Signed;
  files: Map<string, Uint8Array<ArrayBuffer>>;
};

export type Publisher = {
  publicKey: string;
  keyId: string;
  sign(value: unknown): Promise<Signed>;
  version(version: string, model: TestModel, change?: Partial<Manifest>): Promise<Version>;
  revocations(serial: number, revoked: RevocationList['revoked']): Promise<Signed>;
};

export const TEST_INPUTS: Manifest['inputs'] = [
  { name: 'distance', label: 'Distance', type: 'number', range: [0, 100], missing: 'impute' },
  {
    name: 'weather',
    label: 'Weather',
    type: 'category',
    categories: [
      { value: 'sun', label: 'Sun' },
      { value: 'rain', label: 'Rain' },
    ],
    missing: 'reject',
  },
];

export const TEST_CLASSES: Extract<Manifest['task'], { type: 'binary' }>['classes'] = [
  { value: 'on-time', label: 'On time' },
  { value: 'late', label: 'Late' },
];

export async function createPublisher(): Promise<Publisher> {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const keyId = await keyIdOf(raw, hashing);
  const sign = async (value: unknown): Promise<Signed> => {
    const payload = bytesOf(value);
    const signature = await crypto.subtle.sign('Ed25519', pair.privateKey, payload);
    return {
      payload: toBase64url(payload),
      signature: toBase64url(new Uint8Array(signature)),
      keyId,
    };
  };
  return {
    publicKey: toBase64url(raw),
    keyId,
    sign,
    async version(version, model, change = {}) {
      const { manifest, files } = await describe(version, model);
      const changed = { ...manifest, ...change };
      return { manifest: changed, signed: await sign(changed), files };
    },
    revocations: (serial, revoked) =>
      sign({ schemaVersion: 1, serial, issuedAt: '2026-01-01T00:00:00Z', revoked }),
  };
}

async function describe(version: string, model: TestModel) {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const listed: ManifestFile[] = [];
  const rows = [
    { distance: 2, weather: 'sun' },
    { distance: null, weather: 'rain' },
  ];
  const probe = {
    schemaVersion: 1,
    tolerance: 1e-4,
    rows: rows.map((row) => ({ row, value: answerOf(model, row) })),
  };
  for (const [role, bytes] of [
    ['model', model.file ?? onnxOf(model)],
    ['probe', bytesOf(probe)],
  ] as const) {
    const file = await describeFile(role, bytes);
    files.set(file.sha256, bytes);
    listed.push(file);
  }
  const manifest = manifestOf(version, listed);
  return { manifest: model.classifier ? { ...manifest, ...CLASSIFIER } : manifest, files };
}

/** What a classifier's manifest says otherwise. */
const CLASSIFIER: Partial<Manifest> = {
  task: { type: 'binary', classes: TEST_CLASSES, threshold: 0.4 },
  target: { name: 'late', label: 'Late', unit: '' },
  interval: null,
  metrics: ((metrics) => ({ crossValidation: metrics, test: metrics, fallback: metrics }))({
    ...{ roc_auc: 0.8, pr_auc: 0.6, log_loss: 0.4, brier: 0.12, accuracy: 0.85, ece: 0.02 },
    rows: 100,
  }),
};

async function describeFile(
  role: ManifestFile['role'],
  bytes: Uint8Array<ArrayBuffer>,
): Promise<ManifestFile> {
  const chunks: string[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES)
    chunks.push(toHex(await hashing.sha256(bytes.slice(at, at + CHUNK_BYTES))));
  const sha256 = toHex(await hashing.sha256(bytes));
  return { role, sha256, sizeBytes: bytes.length, chunkSizeBytes: CHUNK_BYTES, chunks };
}

export function answerOf({ intercept, perKm, inRain, classifier }: TestModel, row: Row): number {
  const distance = typeof row['distance'] === 'number' ? row['distance'] : 5;
  const score = intercept + perKm * distance + (row['weather'] === 'rain' ? inRain : 0);
  return classifier ? 1 / (1 + Math.exp(-score)) : score;
}

function onnxOf(model: TestModel): Uint8Array<ArrayBuffer> {
  if (model.classifier) return classifierGraph(model, model.classifier);
  const { intercept, perKm, inRain } = model;
  const encoding = {
    numbers: ['distance'],
    categories: [{ name: 'weather', levels: ['sun', 'rain', ''] }],
  };
  const steps: Step[] = [{ type: 'impute', values: Float32Array.of(5, 0, 0, 0) }];
  const exported = exportPipeline({
    ...{ type: 'pipeline', task: 'regression', inputs: TEST_INPUTS, classes: [] },
    ...{ algorithm: 'ridge', parameters: {}, preparation: { encoding, steps } },
    estimator: {
      ...{ type: 'linear', outputs: 1, link: 'identity' },
      coefficients: Float32Array.of(perKm, 0, inRain, 0),
      intercepts: Float32Array.of(intercept),
    },
  });
  if (!exported.ok) throw new Error(exported.error.detail);
  return exported.value;
}

function manifestOf(version: string, files: ManifestFile[]): Manifest {
  const metrics = { mae: 1, rmse: 1, r2: 0.9, rows: 100 };
  return {
    schemaVersion: 1,
    model: 'test-case',
    version,
    createdAt: '2026-01-01T00:00:00Z',
    task: { type: 'regression', unit: 'minutes' },
    format: 'onnx',
    inputs: TEST_INPUTS,
    target: { name: 'duration', label: 'Duration', unit: 'minutes' },
    files,
    interval: { level: 0.9, lower: -2, upper: 3 },
    baseline: { distance: 5, weather: 'sun' },
    importance: { distance: 1, weather: 0 },
    metrics: { crossValidation: metrics, test: metrics, fallback: metrics },
    lineage: {
      algorithm: 'ridge',
      parameters: {},
      seed: 1,
      datasetSha256: '0'.repeat(64),
      rows: 100,
      source: 'file',
      parentVersion: null,
      runId: null,
      durationMs: 1,
    },
  };
}
