import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { decodeArrays, encodeArrays } from '../../shared/core/array-bytes.ts';
import { ok, type Result } from '../../shared/core/result.ts';
import { CALIBRATION_METHODS } from '../../shared/learn/calibration/calibration.ts';
import type { Predictor } from '../../shared/learn/ensemble/fitted-ensemble.ts';
import { type CliFailure, failed, whyNot } from '../failure.ts';
import { readManifestJson } from '../read-manifest-json.ts';
import { writeWholeFolder } from '../write-whole-folder.ts';
import { columnSpec } from './column-spec.ts';
import { type FittedFile, fittedFile } from './fitted-schema.ts';

/** manifest.json of a folder that `fit` wrote: what the model is, and how it came about. */
export const fitManifest = v.object({
  schemaVersion: v.literal(1),
  kind: v.literal('fit'),
  task: v.picklist(['regression', 'binary', 'multiclass', 'anomaly', 'clustering']),
  inputs: v.array(columnSpec),
  target: v.nullable(v.string()),
  /** Labels by class code; null unless a classification. */
  classes: v.nullable(v.array(v.string())),
  algorithm: v.string(),
  /** The pipelines it is made of. */
  members: v.array(
    v.object({
      algorithm: v.string(),
      parameters: v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])),
      weight: v.number(),
    }),
  ),
  /** What `fit --settings` takes to fit it again: parameters, recipes and weights of all; older folders lack it. */
  settings: v.exactOptional(v.looseObject({})),
  seed: v.number(),
  /** The same data, seed and settings give the same bytes: false where a clock had a say. */
  isDeterministic: v.boolean(),
  createdAt: v.string(),
  seconds: v.number(),
  rows: v.number(),
  datasetSha256: v.string(),
  /** Split-conformal, from errors of rows that were not learnt from; null where there are none. */
  interval: v.nullable(v.object({ level: v.number(), radius: v.number() })),
  /** What made the probabilities honest; absent: nothing. */
  calibration: v.optional(v.picklist(CALIBRATION_METHODS)),
  /** Sha256 of the model.fitted that the fit went on from; absent: it began anew. */
  warmStart: v.optional(v.string()),
  /** Of anomaly scores. @see AnomalyCalibration */
  anomaly: v.optional(
    v.object({
      ...{ threshold: v.number(), flagged: v.number(), n: v.number() },
      ...{ quantiles: v.array(v.number()), upper: v.array(v.number()) },
    }),
  ),
  /** Of a binary fit with --sensitive: groups, how it was made fair, and test figures. @see FairnessJson */
  fairness: v.optional(v.looseObject({ sensitive: v.string(), isInput: v.boolean() })),
  metrics: v.record(v.string(), v.unknown()),
  files: v.array(v.object({ name: v.string(), sha256: v.string(), sizeBytes: v.number() })),
});
export type FitManifest = v.InferOutput<typeof fitManifest>;

export const FILE_NAMES = {
  onnx: 'model.onnx',
  fitted: 'model.fitted',
  manifest: 'manifest.json',
} as const;

const FITTED_FORMAT = 'edgewise-fitted-1';

export type FitFolder = {
  manifest: Omit<FitManifest, 'files'>;
  fitted: FittedFile;
  /** Null where the model has no graph. */
  onnx: Uint8Array | null;
};

/** Writes the folder, whole or not at all. */
export async function writeFitFolder(
  folder: string,
  { manifest, fitted, onnx }: FitFolder,
): Promise<Result<{ onnx: string | null; manifest: string }, CliFailure>> {
  const files = new Map<string, Uint8Array>();
  if (onnx !== null) files.set(FILE_NAMES.onnx, onnx);
  files.set(FILE_NAMES.fitted, encodeArrays(FITTED_FORMAT, fitted));
  const named = [...files].map(([name, bytes]) => ({
    ...{ name, sizeBytes: bytes.length },
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }));
  const text = `${JSON.stringify({ ...manifest, files: named }, null, 2)}\n`;
  const without = onnx === null ? [FILE_NAMES.onnx] : [];
  const written = await writeWholeFolder(folder, { files, manifest: text, without });
  if (!written.ok) return written;
  return ok({
    onnx: onnx === null ? null : join(folder, FILE_NAMES.onnx),
    manifest: join(folder, FILE_NAMES.manifest),
  });
}

/** What a folder's manifest says. */
export async function readFitManifest(folder: string): Promise<Result<FitManifest, CliFailure>> {
  const read = await readManifestJson(folder, 'fit');
  if (!read.ok) return read;
  const parsed = v.safeParse(fitManifest, read.value.value);
  if (parsed.success) return ok(parsed.output);
  return failed(
    'version_files',
    `${read.value.path} is not the manifest of a folder that fit wrote.`,
    problemsOf(parsed.issues),
  );
}

/** Which field, and what is wrong with it. */
const problemsOf = (issues: readonly v.BaseIssue<unknown>[]): string[] =>
  issues.map((issue) => `${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`);

/** A file of the folder, refused when it is not the one that the manifest lists. */
export async function readFitFile(
  folder: string,
  name: string,
  manifest: FitManifest,
): Promise<Result<Uint8Array, CliFailure>> {
  const listed = manifest.files.find((file) => file.name === name);
  if (listed === undefined)
    return failed('version_files', `The model in ${folder} has no ${name}.`);
  const path = join(folder, name);
  const refused = (why: string) =>
    failed('version_files', `${path} is not as fit left it: ${why}. ${AGAIN}`);
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await readFile(path));
  } catch (error) {
    return refused(whyNot(error));
  }
  if (bytes.length !== listed.sizeBytes)
    return refused(`it has ${bytes.length} bytes, and had ${listed.sizeBytes}`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return sha256 === listed.sha256 ? ok(bytes) : refused('its bytes have changed');
}

const AGAIN = 'Copy the whole folder again, or fit again.';

/** The model as data, with everything that explanations need. */
export async function readFitted(
  folder: string,
  manifest: FitManifest,
): Promise<Result<FittedFile, CliFailure>> {
  const bytes = await readFitFile(folder, FILE_NAMES.fitted, manifest);
  if (!bytes.ok) return bytes;
  const decoded = decodeArrays(FITTED_FORMAT, bytes.value);
  const unreadable = `${join(folder, FILE_NAMES.fitted)} is no model that this version of edgewise can read`;
  if (!decoded.ok)
    return failed('version_files', `${unreadable}: ${decoded.error.detail}. Fit again.`);
  const parsed = v.safeParse(fittedFile, decoded.value);
  if (!parsed.success)
    return failed('version_files', `${unreadable}. Fit again.`, problemsOf(parsed.issues));
  const fitted = parsed.output;
  if (contractOf(fitted.predictor) === contractOf({ ...manifest, classes: manifest.classes ?? [] }))
    return ok(fitted);
  const path = join(folder, FILE_NAMES.manifest);
  return failed('version_files', `${path} has changed: its inputs or classes are not the model's.`);
}

const contractOf = ({ task, inputs, classes }: Pick<Predictor, 'task' | 'inputs' | 'classes'>) =>
  JSON.stringify([task, inputs.map(({ name, type }) => [name, type]), classes]);
