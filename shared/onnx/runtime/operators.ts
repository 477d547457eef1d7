import { attributesOf } from './attributes.ts';
import { ELEMENTWISE } from './elementwise.ts';
import { ENCODING } from './encoders.ts';
import { LINEAR } from './linear.ts';
import { PRODUCTS } from './matrix-products.ts';
import type { Kernel, Operator } from './operator.ts';
import type { RawNode } from './read-model.ts';
import { REDUCING } from './reductions.ts';
import { SCALING } from './scaling.ts';
import { SHAPING } from './shape-operators.ts';
import { invalid, unsupported } from './tensor.ts';
import { TREES } from './trees.ts';

/**
 * The operators of the graphs that this repository exports, and of those that the converters of
 * scikit-learn, LightGBM and XGBoost write, by domain and name.
 */
const OPERATORS: Record<string, Operator> = {
  ...ELEMENTWISE,
  ...ENCODING,
  ...LINEAR,
  ...PRODUCTS,
  ...REDUCING,
  ...SCALING,
  ...SHAPING,
  ...TREES,
};

/** @throws ModelProblem for an operator, an attribute or a mode that this runtime lacks */
export function kernelOf(node: RawNode): Kernel {
  const isDefaultDomain = node.domain === '' || node.domain === 'ai.onnx';
  const name = isDefaultDomain ? node.opType : `${node.domain}.${node.opType}`;
  if (!Object.hasOwn(OPERATORS, name)) throw unsupported(`operator ${name} is not supported`);
  const { inputs, outputs = 1, kernel } = OPERATORS[name];
  const [fewest, most] = inputs;
  const given = node.inputs.length;
  if (given < fewest || given > most || node.outputs.length < 1 || node.outputs.length > outputs)
    throw invalid(`${name}: wrong number of inputs or outputs`);
  const attributes = attributesOf(node);
  const run = kernel(attributes);
  attributes.finish();
  return run;
}
