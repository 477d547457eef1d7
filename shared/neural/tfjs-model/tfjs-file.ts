import * as v from 'valibot';
import { decodeArrays, encodeArrays } from '../../core/array-bytes.ts';
import { fail, ok, type Result } from '../../core/result.ts';

/** Why files are no tfjs model, or none that a use case can be answered by. */
export type TfjsProblem = {
  reason: 'not_a_tfjs_model' | 'missing_weights' | 'unfit_shape';
  detail: string;
};

/** Name, shape and type of each weight, in the order in which their bytes follow each other. */
const weightSpec = v.looseObject({
  name: v.string(),
  shape: v.array(v.pipe(v.number(), v.integer(), v.minValue(0))),
  dtype: v.picklist(['float32', 'int32', 'bool', 'complex64']),
  quantization: v.optional(v.looseObject({ dtype: v.picklist(['uint8', 'uint16', 'float16']) })),
});
export type WeightSpec = v.InferOutput<typeof weightSpec>;

export const tfjsFormat = v.picklist(['layers-model', 'graph-model']);

const topologyFile = v.object({
  format: tfjsFormat,
  /** JSON of `modelTopology`, as model.json has it. */
  topology: v.pipe(v.string(), v.parseJson()),
  /** JSON of a graph model's `signature`; null: it has none. */
  signature: v.nullable(v.pipe(v.string(), v.parseJson())),
  weightSpecs: v.array(weightSpec),
  weights: v.instance(Uint8Array),
});

/** A tfjs model in one piece: what `model` names in the manifest of a version in format `tfjs`. */
export type TfjsFile = {
  format: v.InferOutput<typeof tfjsFormat>;
  topology: unknown;
  signature: unknown;
  weightSpecs: WeightSpec[];
  weights: Uint8Array;
};

const FORMAT = 'edgewise-tfjs-1';

/** One file has one hash, is resumed by chunk and signed like any other; two would need a protocol. */
export const encodeTfjsFile = ({
  topology,
  signature,
  ...rest
}: TfjsFile): Uint8Array<ArrayBuffer> =>
  encodeArrays(FORMAT, {
    ...rest,
    topology: JSON.stringify(topology),
    signature: signature === null ? null : JSON.stringify(signature),
  });

export function decodeTfjsFile(bytes: Uint8Array): Result<TfjsFile, TfjsProblem> {
  const decoded = decodeArrays(FORMAT, bytes);
  if (!decoded.ok) return damaged('not_a_tfjs_model', decoded.error.detail);
  const parsed = v.safeParse(topologyFile, decoded.value);
  if (!parsed.success) return damaged('not_a_tfjs_model', describeIssues(parsed.issues));
  const needed = bytesNeeded(parsed.output.weightSpecs);
  const found = parsed.output.weights.length;
  if (found === needed) return ok(parsed.output);
  return damaged('missing_weights', `its weights take ${needed} bytes, ${found} are there`);
}

/** Who has such a file got it as it was published: only its publisher can mend it. */
const damaged = (reason: TfjsProblem['reason'], what: string) =>
  fail<TfjsProblem>({
    reason,
    detail: `the model file is damaged, or of another version of edgewise (${what}): package it again and publish that as a new version`,
  });

/** Which parts of a file are not what they should be, in one line. */
export const describeIssues = (issues: readonly v.BaseIssue<unknown>[]): string =>
  issues
    .slice(0, 3)
    .map((issue) => `${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`)
    .join('; ')
    .slice(0, 500);

const BYTES_PER_VALUE = {
  ...{ float32: 4, int32: 4, bool: 1, complex64: 8 },
  ...{ uint8: 1, uint16: 2, float16: 2 },
} as const;

/** Bytes that weights take together, quantised as they are. */
export const bytesNeeded = (specs: readonly WeightSpec[]): number =>
  specs.reduce((sum, { shape, dtype, quantization }) => {
    const values = shape.reduce((product, length) => product * length, 1);
    return sum + values * BYTES_PER_VALUE[quantization?.dtype ?? dtype];
  }, 0);

/** What `weightsManifest` of a model.json holds: groups of files, one after the other. */
export const weightsManifest = v.array(
  v.looseObject({ paths: v.array(v.string()), weights: v.array(weightSpec) }),
);
