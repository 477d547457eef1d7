import { normal, type Rng } from '../../shared/core/rng.ts';
import {
  type Attribute,
  encodeModel,
  floatAttribute,
  floatsAttribute,
  intAttribute,
  intsAttribute,
  type Node,
  stringAttribute,
  stringsAttribute,
  tensorInfo,
} from '../../shared/onnx/graph.ts';

/** Graphs in the shape of skl2onnx, LightGBM's and XGBoost's converters: a matrix in, a label and a ZipMap out. */
export const COLUMNS = ['age', 'income', 'debt'];
export const ROWS = 64;

export const ml = (
  opType: string,
  input: string[],
  output: string[],
  attribute: Attribute[],
): Node => ({
  ...{ opType, domain: 'ai.onnx.ml', input, output, attribute },
});

export type Leaves = { prefix: 'class' | 'target'; outputs: number[]; weightOf(rng: Rng): number };

/** Full trees of depth 3 as the converters number them: parents before children, from 0 in each. */
export function treeAttributes(
  rng: Rng,
  trees: number,
  mode: string,
  leaves: Leaves[],
): Attribute[] {
  const lists: Record<string, number[]> = {};
  const push = (name: string, value: number) => {
    lists[name] = [...(lists[name] ?? []), value];
  };
  const modes: string[] = [];
  for (let tree = 0; tree < trees; tree++)
    for (let node = 0; node < 15; node++) {
      const isLeaf = node >= 7;
      modes.push(isLeaf ? 'LEAF' : mode);
      push('nodes_treeids', tree);
      push('nodes_nodeids', node);
      push('nodes_featureids', isLeaf ? 0 : Math.floor(rng() * COLUMNS.length));
      push('nodes_truenodeids', isLeaf ? 0 : 2 * node + 1);
      push('nodes_falsenodeids', isLeaf ? 0 : 2 * node + 2);
      push('nodes_missing_value_tracks_true', !isLeaf && rng() < 0.5 ? 1 : 0);
      const values = `${leaves[0].prefix}_weights`;
      push('nodes_values', isLeaf ? 0 : Math.round(4 * normal(rng)) / 2);
      if (!isLeaf) continue;
      const { prefix, outputs, weightOf } = leaves[tree % leaves.length];
      for (const output of outputs) {
        push(`${prefix}_treeids`, tree);
        push(`${prefix}_nodeids`, node);
        push(`${prefix}_ids`, output);
        push(values, weightOf(rng));
      }
    }
  return [
    stringsAttribute('nodes_modes', modes),
    ...Object.entries(lists).map(([name, list]) =>
      /values|weights/.test(name) ? floatsAttribute(name, list) : intsAttribute(name, list),
    ),
  ];
}

export const zipMap = (labels: Attribute): Node =>
  ml('ZipMap', ['scores'], ['output_probability'], [labels]);

/** A classifier's file as skl2onnx ends it: a label, and a list of dictionaries. */
export function classifierFile(nodes: Node[], labels: Attribute): Uint8Array {
  const isText = labels.name === 'classlabels_strings';
  const sequence = tensorInfo('output_probability', 'float', null);
  return encodeModel({
    name: 'converted',
    nodes: [...nodes, zipMap(labels)],
    inputs: [tensorInfo('float_input', 'float', COLUMNS.length)],
    outputs: [
      tensorInfo('label', isText ? 'string' : 'int64', null),
      { ...sequence, type: undefined },
    ],
  });
}

export const NAMES = ['low', 'middle', 'high'];
export const texts = (count: number) =>
  stringsAttribute('classlabels_strings', NAMES.slice(0, count));
export const integers = (count: number) =>
  intsAttribute(
    'classlabels_int64s',
    NAMES.slice(0, count).map((_, i) => i),
  );

export const trees = (input: string, attributes: Attribute[]) =>
  ml('TreeEnsembleClassifier', [input], ['label', 'scores'], attributes);

/** A pipeline of scikit-learn: imputer, scaler, logistic regression, in the converter's shape. */
export function logisticPipeline(rng: Rng, classes: number): Uint8Array {
  const numbers = (length: number) => Array.from({ length }, () => normal(rng));
  const weights = numbers(COLUMNS.length * (classes === 2 ? 1 : classes));
  const intercepts = numbers(classes === 2 ? 1 : classes);
  const both = (values: number[]) =>
    classes === 2 ? [...values.map((x) => -x), ...values] : values;
  return classifierFile(
    [
      ml(
        'Imputer',
        ['float_input'],
        ['imputed'],
        [
          floatsAttribute('imputed_value_floats', [1, 2, 3]),
          floatAttribute('replaced_value_float', Number.NaN),
        ],
      ),
      ml(
        'Scaler',
        ['imputed'],
        ['scaled'],
        [floatsAttribute('offset', [0.5, 1, -1]), floatsAttribute('scale', [0.25, 1.5, 2])],
      ),
      ml(
        'LinearClassifier',
        ['scaled'],
        ['label', 'raw'],
        [
          texts(classes),
          floatsAttribute('coefficients', both(weights)),
          floatsAttribute('intercepts', both(intercepts)),
          intAttribute('multi_class', 1),
          stringAttribute('post_transform', classes === 2 ? 'LOGISTIC' : 'SOFTMAX'),
        ],
      ),
      ml('Normalizer', ['raw'], ['scores'], [stringAttribute('norm', 'L1')]),
    ],
    texts(classes),
  );
}
