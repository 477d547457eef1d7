import { sumLeaves } from '../../learn/boosting/sum-leaves.ts';
import {
  BLOCK_ROWS,
  fillKeys,
  findLeaves,
  NODE_ENTRIES,
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
  const walks = planWalks(trees, value, outputs);
  return (input) => {
    const stride = columnsOf(input);
    if (width > stride) throw invalid(`${operator}: reads column ${width} of ${stride}`);
    const sums = new Float32Array(input.dims[0] * outputs);
    const rows = { data: input.data, stride };
    if (outputs === 1) sumLeaves(walks[0], rows, sums);
    else if (walks.length === outputs) sumEach(walks, rows, sums);
    else sumVectors(walks[0], { ...rows, outputs, value }, sums);
    return sums;
  };
}

/** The trees of each output apart where none adds to two, as boosting's; else all of them together. */
function planWalks(trees: ReadTrees, value: Float32Array, outputs: number): TreeWalk[] {
  const width = Math.max(1, trees.width);
  if (outputs === 1) return [planWalk({ ...trees, value }, width)];
  const all = planWalk({ ...trees, value: new Float32Array(trees.feature.length) }, width);
  const outputOf = Array.from(all.roots, (_, tree) => soleOutput(all, tree, { value, outputs }));
  if (outputOf.includes(SEVERAL)) return [all];
  return Array.from({ length: outputs }, (_, k) => {
    const roots = trees.roots.filter((_, tree) => outputOf[tree] === k);
    const ofOutput = Float32Array.from(trees.feature, (_, node) => value[node * outputs + k]);
    return planWalk({ ...trees, roots, value: ofOutput }, width);
  });
}

const NONE = -1;
const SEVERAL = -2;

/** The output that the leaves of a tree add to. Whether a 0 is added changes no bit of a sum. */
function soleOutput(
  { roots, nodes }: TreeWalk,
  tree: number,
  { value, outputs }: { value: Float32Array; outputs: number },
): number {
  let sole = NONE;
  for (let at = roots[tree]; at < (roots[tree + 1] ?? nodes.length); at += NODE_ENTRIES)
    for (let k = 0; k < outputs; k++) {
      if (nodes[at + 2] !== at || value[nodes[at + 3] * outputs + k] === 0 || k === sole) continue;
      if (sole !== NONE) return SEVERAL;
      sole = k;
    }
  return sole;
}

function sumEach(
  walks: TreeWalk[],
  rows: { data: Float32Array; stride: number },
  into: Float32Array,
): void {
  const sums = new Float32Array(into.length / walks.length);
  walks.forEach((walk, k) => {
    sumLeaves(walk, rows, sums);
    for (let i = 0; i < sums.length; i++) into[i * walks.length + k] = sums[i];
  });
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
