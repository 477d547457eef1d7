import * as v from 'valibot';
import { fail, ok, type Result } from '../../core/result.ts';
import {
  bytesNeeded,
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
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), modelFile), modelJson);
  if (!parsed.success)
    return fail({
      reason: 'not_a_tfjs_model',
      detail: `model.json: ${v.summarize(parsed.issues).slice(0, 500)}`,
    });
  const { format, modelTopology, signature = null, weightsManifest: groups } = parsed.output;
  const pieces: Uint8Array[] = [];
  for (const path of groups.flatMap(({ paths }) => paths)) {
    const shard = shards.get(path);
    if (shard === undefined)
      return fail({ reason: 'missing_weights', detail: `there is no ${path}` });
    pieces.push(shard);
  }
  const weightSpecs = groups.flatMap(({ weights }) => weights);
  const weights = joined(pieces);
  const needed = bytesNeeded(weightSpecs);
  if (weights.length !== needed)
    return fail({
      reason: 'missing_weights',
      detail: `its weights take ${needed} bytes, its shards hold ${weights.length}`,
    });
  return ok(encodeTfjsFile({ format, topology: modelTopology, signature, weightSpecs, weights }));
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
