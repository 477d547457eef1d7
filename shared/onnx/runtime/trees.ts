import type { Attributes } from './attributes.ts';
import { classLabels, greatestOf, postTransform } from './class-labels.ts';
import type { Kernel, Operator } from './operator.ts';
import { floats, unsupported } from './tensor.ts';
import { type ReadTrees, readTrees } from './tree-nodes.ts';
import { planSums } from './tree-sums.ts';

/**
 * TreeEnsembleRegressor (ai.onnx.ml 3), aggregate SUM or AVERAGE, in float32: leaves are summed in
 * tree order, the base value is added last, as onnxruntime does.
 */
function regressor(attributes: Attributes): Kernel {
  const name = 'TreeEnsembleRegressor';
  const outputs = attributes.int('n_targets', 1);
  const aggregate = attributes.string('aggregate_function', 'SUM');
  if (aggregate !== 'SUM' && aggregate !== 'AVERAGE')
    throw unsupported(`${name}: aggregate_function ${aggregate} is not supported`);
  attributes.expect('post_transform', 'NONE');
  const base = attributes.floats('base_values');
  const trees = readTrees(attributes, 'target', name);
  const sums = planSums(trees, outputs, name);
  const divisor = aggregate === 'SUM' ? 1 : trees.roots.length;
  return ([tensor]) => {
    const input = floats(tensor, name);
    const data = sums(input);
    if (divisor !== 1) for (let i = 0; i < data.length; i++) data[i] /= divisor;
    addBase(data, base, outputs);
    return { type: 'float', dims: [input.dims[0], outputs], data };
  };
}

function addBase(scores: Float32Array, base: Float32Array, outputs: number): void {
  if (base.length === 0) return;
  for (let at = 0; at < scores.length; at += outputs)
    for (let k = 0; k < outputs; k++) scores[at + k] += base[k] ?? 0;
}

/**
 * TreeEnsembleClassifier (ai.onnx.ml 3). The label is that of the greatest score. Two classes of which
 * all leaves name the same one have one score, which ONNX leaves open: see `singleClassifier`. (Where leaves
 * name both of two classes onnxruntime 1.30 takes the label from the sign of the second score; the
 * scores are the same.)
 */
function classifier(attributes: Attributes): Kernel {
  const labels = classLabels(attributes, {
    texts: 'classlabels_strings',
    integers: 'classlabels_int64s',
  });
  const link = postTransform(attributes, CLASSIFIER);
  const base = attributes.floats('base_values');
  const trees = readTrees(attributes, 'class', CLASSIFIER);
  const { count } = labels;
  if (base.length > 0 && base.length !== (count === 2 ? 1 : count))
    throw unsupported(`${CLASSIFIER}: ${base.length} base values of ${count} classes`);
  const isSingle = count === 2 && new Set(trees.entries.output).size === 1;
  if (isSingle) return singleClassifier(trees, { labels, link, base: base[0] ?? 0 });
  const sums = planSums(trees, count, CLASSIFIER);
  return ([tensor]) => {
    const input = floats(tensor, CLASSIFIER);
    const scores = sums(input);
    addBase(scores, base, count);
    const best = greatestOf(scores, count);
    link.apply(scores, count);
    return [labels.labelsOf(best), { type: 'float', dims: [input.dims[0], count], data: scores }];
  };
}

const CLASSIFIER = 'TreeEnsembleClassifier';

type Single = {
  labels: ReturnType<typeof classLabels>;
  link: ReturnType<typeof postTransform>;
  base: number;
};

/**
 * One score s for two classes, as onnxruntime does. The second class wins from s > 0, or from s > 0.5
 * where no weight is negative. Leaves that name the second class: [0, s], without the base value.
 * Leaves that name the first: [-s, s], or without a LOGISTIC and where no weight is negative [1 - s, s];
 * a SOFTMAX does nothing.
 */
function singleClassifier(trees: ReadTrees, { labels, link, base }: Single): Kernel {
  const isSecond = trees.entries.output[0] === 1;
  const isShare = trees.entries.weight.every((weight) => weight >= 0);
  const limit = isShare ? 0.5 : 0;
  const first = firstScore(isSecond, isShare && link.name !== 'LOGISTIC');
  const output = trees.entries.output.map(() => 0);
  const sums = planSums({ ...trees, entries: { ...trees.entries, output } }, 1, CLASSIFIER);
  return ([tensor]) => {
    const input = floats(tensor, CLASSIFIER);
    const raw = sums(input);
    const best = new Uint8Array(raw.length);
    const pairs = new Float32Array(2 * raw.length);
    for (let i = 0; i < raw.length; i++) {
      const score = isSecond ? raw[i] : Math.fround(raw[i] + base);
      best[i] = score > limit ? 1 : 0;
      pairs[2 * i] = first(score);
      pairs[2 * i + 1] = score;
    }
    if (isSecond || link.name === 'LOGISTIC') link.apply(pairs, 2);
    return [labels.labelsOf(best), { type: 'float', dims: [raw.length, 2], data: pairs }];
  };
}

function firstScore(isSecond: boolean, isRest: boolean): (score: number) => number {
  if (isSecond) return () => 0;
  return isRest ? (score) => 1 - score : (score) => -score;
}

export const TREES: Record<string, Operator> = {
  'ai.onnx.ml.TreeEnsembleClassifier': { inputs: [1, 1], outputs: 2, kernel: classifier },
  'ai.onnx.ml.TreeEnsembleRegressor': { inputs: [1, 1], kernel: regressor },
};
