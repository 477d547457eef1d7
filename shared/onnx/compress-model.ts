import { fail, ok, type Result } from '../core/result.ts';
import { compressTrees } from './rewrite/compress-trees.ts';
import { closeModel, type NoModel, openModel } from './rewrite/read-onnx.ts';
import { shrinkWeights, type WeightType } from './rewrite/shrink-weights.ts';
import { type LoadModelError, loadModel, type OnnxModel } from './runtime/load-model.ts';
import { readModel } from './runtime/read-model.ts';
import { ModelProblem, type Tensor } from './runtime/tensor.ts';

export type Compression = {
  /** How dense weights are stored; absent: as they are. */
  weights?: WeightType;
  /**
   * The most that pruning may change any raw score of a tree ensemble, in its units; 0 merges only
   * what is equal; absent: trees stay.
   */
  prune?: number;
};

/**
 * The same model in fewer bytes. Trees are pruned and merged (@see pruneTrees), dense weights stored
 * in 16 or 8 bits (@see shrinkWeights); the rest of the file is kept as it is. The result runs wherever
 * the model does.
 */
export function compressModel(
  bytes: Uint8Array,
  { weights, prune }: Compression,
): Result<Uint8Array<ArrayBuffer>, NoModel> {
  const opened = openModel(bytes);
  if (!opened.ok) return opened;
  try {
    const raw = readModel(bytes);
    if (prune !== undefined) compressTrees(opened.value, raw, prune);
    if (weights !== undefined) shrinkWeights(opened.value, raw, weights);
  } catch (error) {
    if (!(error instanceof ModelProblem)) throw error;
    return fail({ reason: 'invalid_model', detail: error.message });
  }
  return ok(closeModel(opened.value));
}

export type Measurement = {
  sizeBytes: number;
  /** Of one row, the median of `repeats` runs; milliseconds. */
  rowMs: number;
  /** Whatever `scoreOf` makes of the predictions. */
  score: number;
};

export type CompressionReport = {
  before: Measurement;
  after: Measurement;
  /** Between the predictions before and after: absolute, in their units. */
  difference: { greatest: number; mean: number };
};

export type MeasureOptions = {
  /** Rows to predict: one tensor per input. */
  feeds: Readonly<Record<string, Tensor>>;
  /** An error or a score of predictions [rows, outputs]. */
  scoreOf(predictions: Float32Array): number;
  nowMs(): number;
  repeats?: number;
};

/** What a compression costs and gains on given rows, by our own runtime. */
export function measureCompression(
  before: Uint8Array,
  after: Uint8Array,
  options: MeasureOptions,
): Result<CompressionReport, LoadModelError> {
  const [first, second] = [loadModel(before), loadModel(after)];
  if (!first.ok) return first;
  if (!second.ok) return second;
  const models = [first.value, second.value] as const;
  const predictions = models.map((model) => model.run(options.feeds));
  const rowMs = medianRowMs(models, options);
  const measure = (bytes: Uint8Array, i: number): Measurement => ({
    sizeBytes: bytes.length,
    rowMs: rowMs[i],
    score: options.scoreOf(predictions[i]),
  });
  return ok({
    before: measure(before, 0),
    after: measure(after, 1),
    difference: differenceOf(predictions[0], predictions[1]),
  });
}

/** In turns, so that what else the machine does meets both alike. */
function medianRowMs(
  models: readonly OnnxModel[],
  { feeds, nowMs, repeats = 100 }: MeasureOptions,
): number[] {
  const row = Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, rowOf(feed)]));
  const timesMs = models.map(() => new Float64Array(repeats));
  for (let turn = 0; turn < repeats; turn++)
    models.forEach((model, i) => {
      const startedMs = nowMs();
      model.run(row);
      timesMs[i][turn] = nowMs() - startedMs;
    });
  return timesMs.map((times) => times.sort()[Math.floor(repeats / 2)]);
}

/** The first row of a tensor. */
function rowOf(tensor: Tensor): Tensor {
  const [rows, ...others] = tensor.dims;
  const length = tensor.data.length / rows;
  return { ...tensor, dims: [1, ...others], data: tensor.data.slice(0, length) } as Tensor;
}

function differenceOf(a: Float32Array, b: Float32Array): CompressionReport['difference'] {
  let greatest = 0;
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    greatest = Math.max(greatest, difference);
    sum += difference;
  }
  return { greatest, mean: a.length === 0 ? 0 : sum / a.length };
}
