import * as v from 'valibot';
import { fail, ok, type Result } from '../../core/result.ts';
import {
  bytesNeeded,
  describeIssues,
  encodeTfjsFile,
  type TfjsProblem,
  tfjsFormat,
  weightsManifest,
} from './tfjs-file.ts';

const modelFile = v.looseObject({
  format: v.optional(tfjsFormat, 'layers-model'),
  modelTopology: v.looseObject({}),
  signature: v.optional(v.looseObject({})),
  weightsManifest,
});

/** What a folder holds that tfjs's converter or `model.save` wrote. */
export type TfjsFolder = {
  /** The text of model.json. */
  modelJson: string;
  /** Shards by their path from there; what model.json does not name is left out. */
  shards: ReadonlyMap<string, Uint8Array>;
};

/**
 * A tfjs model as one file. Says which shard is missing or how many bytes are; whether the model loads
 * and fits a declaration is `openTfjsModel`'s to say.
 */
export function readTfjsModel({
  modelJson,
  shards,
}: TfjsFolder): Result<Uint8Array<ArrayBuffer>, TfjsProblem> {
  const parsed = parseModel(modelJson);
  if (!parsed.ok) return parsed;
  const { format, modelTopology, signature = null, weightsManifest: groups } = parsed.value;
  const paths = pathsIn(groups);
  const missing = paths.filter((path) => !shards.has(path));
  if (missing.length > 0)
    return fail({ reason: 'missing_weights', detail: `there is no ${missing.join(', ')}` });
  const pieces = paths.map((path) => shards.get(path)!);
  const weightSpecs = groups.flatMap(({ weights }) => weights);
  const weights = joined(pieces);
  const needed = bytesNeeded(weightSpecs);
  if (weights.length !== needed) {
    const held = paths.map((path, i) => `${path} ${pieces[i].length}`).join(', ');
    const detail = `its weights take ${needed} bytes, its shards hold ${weights.length} (${held})`;
    return fail({ reason: 'missing_weights', detail });
  }
  return ok(encodeTfjsFile({ format, topology: modelTopology, signature, weightSpecs, weights }));
}

/** The shards that a model.json names, in the order of their bytes. */
export function shardPaths(modelJson: string): Result<string[], TfjsProblem> {
  const parsed = parseModel(modelJson);
  return parsed.ok ? ok(pathsIn(parsed.value.weightsManifest)) : parsed;
}

function parseModel(modelJson: string): Result<v.InferOutput<typeof modelFile>, TfjsProblem> {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), modelFile), modelJson);
  if (parsed.success) return ok(parsed.output);
  return fail({ reason: 'not_a_tfjs_model', detail: describeIssues(parsed.issues) });
}

const pathsIn = (groups: v.InferOutput<typeof weightsManifest>): string[] =>
  groups.flatMap(({ paths }) => paths);

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
