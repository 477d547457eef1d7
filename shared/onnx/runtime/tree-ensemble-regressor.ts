import { planWalk, sumLeaves, type WalkedTrees } from '../../learn/boosting/tree-walk.ts';
import type { Attributes } from './attributes.ts';
import { columnsOf, floats, ModelProblem, type Tensor } from './tensor.ts';

const NAME = 'TreeEnsembleRegressor';

/** Nodes in the order of the file. */
type Trees = WalkedTrees & { width: number; base: number };

/**
 * TreeEnsembleRegressor (ai.onnx.ml 3) with one target, aggregate SUM and branches x <= value, in
 * float32: leaves are summed in tree order, the base value is added last, as onnxruntime does.
 */
export function treeEnsembleRegressor(
  attributes: Attributes,
): (inputs: readonly Tensor[]) => Tensor {
  refuseVariants(attributes);
  const trees = readTrees(attributes);
  const walk = planWalk(trees, trees.width);
  return ([tensor]) => {
    const input = floats(tensor, NAME);
    const columns = columnsOf(input);
    if (trees.width > columns)
      throw new ModelProblem('invalid_model', `${NAME}: reads column ${trees.width} of ${columns}`);
    const data = new Float32Array(input.dims[0]);
    sumLeaves(walk, { data: input.data, stride: columns }, data);
    for (let i = 0; i < data.length; i++) data[i] += trees.base;
    return { type: 'float', dims: [data.length, 1], data };
  };
}

function refuseVariants(attributes: Attributes): void {
  const variants = {
    n_targets: [attributes.int('n_targets', 1), 1],
    aggregate_function: [attributes.string('aggregate_function', 'SUM'), 'SUM'],
    post_transform: [attributes.string('post_transform', 'NONE'), 'NONE'],
  };
  for (const [name, [found, supported]] of Object.entries(variants))
    if (found !== supported)
      throw new ModelProblem('unsupported_model', `${NAME}: ${name} ${found} is not supported`);
  attributes.floats('nodes_hitrates');
}

function readTrees(attributes: Attributes): Trees {
  const modes = attributes.strings('nodes_modes');
  const unknown = modes.find((mode) => mode !== 'LEAF' && mode !== 'BRANCH_LEQ');
  if (unknown !== undefined)
    throw new ModelProblem('unsupported_model', `${NAME}: nodes_modes ${unknown} is not supported`);
  const n = modes.length;
  const numbersOf = (name: string) => sameLength(attributes.ints(name), n, name);
  const treeIds = numbersOf('nodes_treeids');
  const nodeIds = numbersOf('nodes_nodeids');
  const features = numbersOf('nodes_featureids');
  const missing = attributes.ints('nodes_missing_value_tracks_true');
  const indexOf = indexNodes(treeIds, nodeIds);
  const child = (ids: number[]) =>
    Int32Array.from(ids, (id, i) => (modes[i] === 'LEAF' ? -1 : indexOf(treeIds[i], id)));
  const left = child(numbersOf('nodes_truenodeids'));
  const right = child(numbersOf('nodes_falsenodeids'));
  const feature = Int32Array.from(features, (id, i) => (modes[i] === 'LEAF' ? -1 : id));
  if (feature.some((id, i) => id < 0 && modes[i] !== 'LEAF'))
    throw new ModelProblem('invalid_model', `${NAME}: a branch reads a negative column`);
  return {
    roots: rootsOf(left, right),
    feature,
    threshold: sameLength(attributes.floats('nodes_values'), n, 'nodes_values'),
    left,
    right,
    missingLeft: Uint8Array.from({ length: n }, (_, i) => missing[i] ?? 0),
    value: leafValues(attributes, n, indexOf),
    width: feature.reduce((widest, id) => Math.max(widest, id + 1), 0),
    base: attributes.floats('base_values')[0] ?? 0,
  };
}

type IndexOf = (tree: number, node: number) => number;

function indexNodes(treeIds: number[], nodeIds: number[]): IndexOf {
  const indices = new Map(treeIds.map((tree, i) => [`${tree}.${nodeIds[i]}`, i]));
  return (tree, node) => {
    const index = indices.get(`${tree}.${node}`);
    if (index === undefined)
      throw new ModelProblem('invalid_model', `${NAME}: tree ${tree} has no node ${node}`);
    return index;
  };
}

/** Nodes that are no one's child; a node with two parents would let a walk go round for ever. */
function rootsOf(left: Int32Array, right: Int32Array): Int32Array {
  const parents = new Uint8Array(left.length);
  for (const children of [left, right])
    for (const child of children)
      if (child >= 0 && ++parents[child] > 1)
        throw new ModelProblem('invalid_model', `${NAME}: a node has two parents`);
  const roots = Int32Array.from([...parents.keys()].filter((node) => parents[node] === 0));
  if (countReached(roots, left, right) !== left.length)
    throw new ModelProblem('invalid_model', `${NAME}: nodes form a circle`);
  return roots;
}

function countReached(roots: Int32Array, left: Int32Array, right: Int32Array): number {
  const open = [...roots];
  let reached = 0;
  while (open.length > 0) {
    const node = open.pop()!;
    reached++;
    if (left[node] >= 0) open.push(left[node], right[node]);
  }
  return reached;
}

function leafValues(attributes: Attributes, nodes: number, indexOf: IndexOf): Float32Array {
  const weights = attributes.floats('target_weights');
  const treeIds = sameLength(attributes.ints('target_treeids'), weights.length, 'target_treeids');
  const nodeIds = sameLength(attributes.ints('target_nodeids'), weights.length, 'target_nodeids');
  attributes.ints('target_ids');
  const values = new Float32Array(nodes);
  weights.forEach((weight, i) => {
    values[indexOf(treeIds[i], nodeIds[i])] = weight;
  });
  return values;
}

function sameLength<T extends { length: number }>(values: T, length: number, name: string): T {
  if (values.length === length) return values;
  throw new ModelProblem('invalid_model', `${NAME}: ${name} has ${values.length} of ${length}`);
}
