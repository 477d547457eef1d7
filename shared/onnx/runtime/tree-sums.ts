import { sumLeaves } from '../../learn/boosting/sum-leaves.ts';
import {
  BLOCK_ROWS,
  fillKeys,
  findLeaves,
  planWalk,
  type TreeWalk,
} from '../../learn/boosting/tree-walk.ts';
import { columnsOf, type FloatTensor, invalid } from './tensor.ts';
import type { ReadTrees } from './tree-nodes.ts';

/** Sums of a leaf per tree: float32 [rows, outputs], in the order of the trees. */
export type TreeSums = (input: FloatTensor) => Float32Array;

export function planSums(trees: ReadTrees, outputs: number, operator: string): TreeSums {
  const { entries, feature, width } = trees;
  if (entries.output.some((output) => output < 0 || output >= outputs))
    throw invalid(`${operator}: a leaf adds to an output beyond ${outputs}`);
  const value = new Float32Array(feature.length * outputs);
  for (let i = 0; i < entries.output.length; i++)
    value[entries.node[i] * outputs + entries.output[i]] += entries.weight[i];
  const leafValues = outputs === 1 ? value : new Float32Array(feature.length);
  const walk = planWalk({ ...trees, value: leafValues }, Math.max(1, width));
  return (input) => {
    const stride = columnsOf(input);
    if (width > stride) throw invalid(`${operator}: reads column ${width} of ${stride}`);
    const sums = new Float32Array(input.dims[0] * outputs);
    const rows = { data: input.data, stride };
    if (outputs === 1) sumLeaves(walk, rows, sums);
    else sumVectors(walk, { ...rows, outputs, value }, sums);
    return sums;
  };
}

type Vectors = { data: Float32Array; stride: number; outputs: number; value: Float32Array };

/** Walks once and adds the whole leaf. */
function sumVectors(walk: TreeWalk, rows: Vectors, into: Float32Array): void {
  const { outputs, value } = rows;
  const count = into.length / outputs;
  const leaves = new Int32Array(Math.min(BLOCK_ROWS, count));
  for (let from = 0; from < count; from += BLOCK_ROWS) {
    const size = Math.min(BLOCK_ROWS, count - from);
    fillKeys(walk, rows, { from, count: size });
    const block = leaves.subarray(0, size);
    for (let tree = 0; tree < walk.roots.length; tree++) {
      findLeaves(walk, tree, block);
      for (let i = 0; i < size; i++)
        for (let k = 0; k < outputs; k++)
          into[(from + i) * outputs + k] += value[block[i] * outputs + k];
    }
  }
}
