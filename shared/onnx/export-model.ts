import type { TreeEnsemble } from '../learn/boosting/tree-ensemble.ts';
import type { FittedModel } from '../learn/fitted-model.ts';
import type { LinearModel } from '../learn/linear/linear-model.ts';
import type { Encoding } from '../prepare/encoding.ts';
import {
  columnInfo,
  encodeModel,
  floatAttribute,
  floatsAttribute,
  intAttribute,
  intsAttribute,
  type Node,
  stringAttribute,
  stringsAttribute,
} from './graph.ts';

const ML_DOMAIN = 'ai.onnx.ml';

/** Tensors inside the graph; a dot keeps them apart from input names. */
const NUMBERS = 'numbers.joined';
const FEATURES = 'features.encoded';

/**
 * The whole model as an ONNX file. Inputs: one tensor [N, 1] per raw input, in the order given,
 * float32 with NaN for missing or string with '' for missing. Output: `variable`, float32 [N, 1].
 */
export function exportModel(
  model: FittedModel,
  inputs: readonly { name: string; type: 'number' | 'category' }[],
): Uint8Array<ArrayBuffer> {
  return encodeModel({
    name: model.type,
    inputs: inputs.map(({ name, type }) =>
      columnInfo(name, type === 'number' ? 'float' : 'string'),
    ),
    nodes: [
      ...encodingNodes(model.encoding),
      model.type === 'ridge' ? linearNode(model) : treeNode(model),
    ],
    outputs: [columnInfo('variable', 'float')],
  });
}

function encodingNodes(encoding: Encoding): Node[] {
  const nodes: Node[] = [];
  const blocks: string[] = [];
  if (encoding.numbers.length > 0) {
    nodes.push(concat(encoding.numbers, NUMBERS), ...standardNodes(encoding));
    blocks.push(encoding.standard === null ? NUMBERS : `${NUMBERS}.scaled`);
  }
  for (const { name, levels } of encoding.categories) {
    nodes.push(...oneHotNodes(name, levels));
    blocks.push(`${name}.levels`);
  }
  return [...nodes, concat(blocks, FEATURES)];
}

const concat = (input: string[], output: string): Node => ({
  opType: 'Concat',
  input,
  output: [output],
  attribute: [intAttribute('axis', 1)],
});

function standardNodes({ standard }: Encoding): Node[] {
  if (standard === null) return [];
  return [
    {
      opType: 'Imputer',
      domain: ML_DOMAIN,
      input: [NUMBERS],
      output: [`${NUMBERS}.imputed`],
      attribute: [
        floatsAttribute('imputed_value_floats', standard.median),
        floatAttribute('replaced_value_float', Number.NaN),
      ],
    },
    {
      opType: 'Scaler',
      domain: ML_DOMAIN,
      input: [`${NUMBERS}.imputed`],
      output: [`${NUMBERS}.scaled`],
      attribute: [
        floatsAttribute('offset', standard.mean),
        floatsAttribute('scale', standard.scale),
      ],
    },
  ];
}

/** [N, 1] strings to [N, levels] zeros and ones; the encoder itself answers [N, 1, levels]. */
function oneHotNodes(name: string, levels: readonly string[]): Node[] {
  return [
    {
      opType: 'OneHotEncoder',
      domain: ML_DOMAIN,
      input: [name],
      output: [`${name}.encoded`],
      attribute: [stringsAttribute('cats_strings', levels), intAttribute('zeros', 1)],
    },
    {
      opType: 'Flatten',
      input: [`${name}.encoded`],
      output: [`${name}.levels`],
      attribute: [intAttribute('axis', 1)],
    },
  ];
}

const linearNode = (model: LinearModel): Node => ({
  opType: 'LinearRegressor',
  domain: ML_DOMAIN,
  input: [FEATURES],
  output: ['variable'],
  attribute: [
    floatsAttribute('coefficients', model.coefficients),
    floatsAttribute('intercepts', [model.intercept]),
    intAttribute('targets', 1),
    stringAttribute('post_transform', 'NONE'),
  ],
});

function treeNode(model: TreeEnsemble): Node {
  const nodes = nodeNumbers(model);
  const leaves = nodes.all.filter((node) => model.feature[node] < 0);
  const isLeaf = (node: number) => model.feature[node] < 0;
  const inner = (values: ArrayLike<number>) =>
    nodes.all.map((node) => (isLeaf(node) ? 0 : values[node]));
  const child = (values: ArrayLike<number>) =>
    nodes.all.map((node) => (isLeaf(node) ? 0 : nodes.idInTree[values[node]]));
  return {
    opType: 'TreeEnsembleRegressor',
    domain: ML_DOMAIN,
    input: [FEATURES],
    output: ['variable'],
    attribute: [
      intAttribute('n_targets', 1),
      stringAttribute('aggregate_function', 'SUM'),
      stringAttribute('post_transform', 'NONE'),
      floatsAttribute('base_values', [model.base]),
      intsAttribute('nodes_treeids', nodes.tree),
      intsAttribute('nodes_nodeids', nodes.idInTree),
      stringsAttribute(
        'nodes_modes',
        nodes.all.map((node) => (isLeaf(node) ? 'LEAF' : 'BRANCH_LEQ')),
      ),
      intsAttribute('nodes_featureids', inner(model.feature)),
      floatsAttribute('nodes_values', inner(model.threshold)),
      intsAttribute('nodes_truenodeids', child(model.left)),
      intsAttribute('nodes_falsenodeids', child(model.right)),
      intsAttribute('nodes_missing_value_tracks_true', inner(model.missingLeft)),
      ...targetAttributes(model, nodes, leaves),
    ],
  };
}

const targetAttributes = (model: TreeEnsemble, nodes: NodeNumbers, leaves: number[]) => [
  intsAttribute(
    'target_treeids',
    leaves.map((node) => nodes.tree[node]),
  ),
  intsAttribute(
    'target_nodeids',
    leaves.map((node) => nodes.idInTree[node]),
  ),
  intsAttribute(
    'target_ids',
    leaves.map(() => 0),
  ),
  floatsAttribute(
    'target_weights',
    leaves.map((node) => model.value[node]),
  ),
];

type NodeNumbers = { all: number[]; tree: Int32Array; idInTree: Int32Array };

/** ONNX numbers nodes within their tree; ours are numbered through. */
function nodeNumbers({ roots, feature }: TreeEnsemble): NodeNumbers {
  const tree = new Int32Array(feature.length);
  const idInTree = new Int32Array(feature.length);
  for (let t = 0; t < roots.length; t++) {
    const end = t + 1 < roots.length ? roots[t + 1] : feature.length;
    for (let node = roots[t]; node < end; node++) {
      tree[node] = t;
      idInTree[node] = node - roots[t];
    }
  }
  return { all: Array.from(feature, (_, node) => node), tree, idInTree };
}
