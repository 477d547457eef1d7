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
 * TreeEnsembleClassifier (ai.onnx.ml 3). Two classes of which all leaves name the same one have one
 * score s: the probability of the second class where no weight is negative ([1 - s, s]), otherwise
 * [-s, s], through `post_transform` if there is one. ONNX leaves this open; it is what onnxruntime does.
 */
function classifier(attributes: Attributes): Kernel {
  const name = 'TreeEnsembleClassifier';
  const labels = classLabels(attributes, {
    texts: 'classlabels_strings',
    integers: 'classlabels_int64s',
  });
  const link = postTransform(attributes, name);
  const base = attributes.floats('base_values');
  const trees = readTrees(attributes, 'class', name);
  const isSingle = labels.count === 2 && new Set(trees.entries.output).size === 1;
  const isShare = isSingle && trees.entries.weight.every((weight) => weight >= 0);
  if (isShare && link.name !== 'NONE')
    throw unsupported(`${name}: ${link.name} of weights that are all positive`);
  const sums = planSums(isSingle ? ofOneOutput(trees) : trees, isSingle ? 1 : labels.count, name);
  return ([tensor]) => {
    const input = floats(tensor, name);
    const raw = sums(input);
    const scores = isSingle ? pairsOf(raw, { base, isShare }) : raw;
    if (!isSingle) addBase(scores, base, labels.count);
    const best = greatestOf(scores, labels.count);
    link.apply(scores, labels.count);
    const dims = [input.dims[0], labels.count];
    return [labels.labelsOf(best), { type: 'float', dims, data: scores }];
  };
}

const ofOneOutput = (trees: ReadTrees): ReadTrees => ({
  ...trees,
  entries: { ...trees.entries, output: trees.entries.output.map(() => 0) },
});

function pairsOf(
  scores: Float32Array,
  { base, isShare }: { base: Float32Array; isShare: boolean },
): Float32Array {
  const pairs = new Float32Array(scores.length * 2);
  const added = base[base.length - 1] ?? 0;
  for (let i = 0; i < scores.length; i++) {
    const score = Math.fround(scores[i] + added);
    pairs[2 * i] = isShare ? 1 - score : -score;
    pairs[2 * i + 1] = score;
  }
  return pairs;
}

export const TREES: Record<string, Operator> = {
  'ai.onnx.ml.TreeEnsembleClassifier': { inputs: [1, 1], outputs: 2, kernel: classifier },
  'ai.onnx.ml.TreeEnsembleRegressor': { inputs: [1, 1], kernel: regressor },
};
