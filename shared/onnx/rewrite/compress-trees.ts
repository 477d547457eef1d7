import { create } from '@bufbuild/protobuf';
import { type SummedTrees, treeAttributes } from '../export/tree-nodes.ts';
import { type Attribute, floatsAttribute } from '../graph.ts';
import { AttributeProtoSchema, type NodeProto } from '../onnx-generated.ts';
import { type Attributes, attributesOf } from '../runtime/attributes.ts';
import type { RawGraph, RawNode } from '../runtime/read-model.ts';
import { ModelProblem } from '../runtime/tensor.ts';
import { type ReadTrees, readTrees } from '../runtime/tree-nodes.ts';
import { pruneTrees } from './prune-trees.ts';
import type { OpenModel } from './read-onnx.ts';

/**
 * Prunes the trees of every TreeEnsembleRegressor that sums. A node that our runtime cannot read is
 * left as it is.
 * @param raw the same graph as our runtime reads it
 * @param mostChange of any of a node's raw scores
 */
export function compressTrees({ graph }: OpenModel, raw: RawGraph, mostChange: number): void {
  graph.node.forEach((node, i) => {
    if (node.opType !== 'TreeEnsembleRegressor') return;
    const attributes = prunedAttributes(raw.nodes[i], mostChange);
    if (attributes !== null) replaceAttributes(node, attributes);
  });
}

function prunedAttributes(node: RawNode, mostChange: number): Attribute[] | null {
  const attributes = attributesOf(node);
  // An average is of as many trees as there are: none may go.
  if (attributes.string('aggregate_function', 'SUM') !== 'SUM') return null;
  const read = readOrNull(attributes, node.opType);
  if (read === null) return null;
  const outputs = attributes.int('n_targets', 1);
  const base = attributes.floats('base_values');
  const { trees } = pruneTrees(summedTrees(read, outputs, base), mostChange);
  return [floatsAttribute('base_values', trees.base), ...treeAttributes(trees, 'target')];
}

function readOrNull(attributes: Attributes, operator: string): ReadTrees | null {
  try {
    return readTrees(attributes, 'target', operator);
  } catch (error) {
    if (error instanceof ModelProblem) return null;
    throw error;
  }
}

function summedTrees(read: ReadTrees, outputs: number, base: Float32Array): SummedTrees {
  const { entries, ...branches } = read;
  const value = new Float32Array(read.feature.length * outputs);
  entries.node.forEach((node, i) => {
    value[node * outputs + entries.output[i]] += entries.weight[i];
  });
  const padded = Float32Array.from({ length: outputs }, (_, k) => base[k] ?? 0);
  return { ...branches, outputs, treeOutput: null, value, base: padded };
}

/** What a tree may leave out; hit rates nobody reads. */
const OPTIONAL = ['nodes_hitrates', 'nodes_missing_value_tracks_true'];

/** Attributes of those names are exchanged, optional ones dropped. */
function replaceAttributes(node: NodeProto, attributes: readonly Attribute[]): void {
  const names = new Set([...OPTIONAL, ...attributes.map(({ name }) => name)]);
  const kept = node.attribute.filter(({ name }) => !names.has(name));
  node.attribute = [
    ...kept,
    ...attributes.map((attribute) => create(AttributeProtoSchema, attribute)),
  ];
}
