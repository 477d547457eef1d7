import type { NodeProto } from '../onnx-generated.ts';
import { type Attributes, attributesOf } from './attributes.ts';
import { columnsOf, floats, ModelProblem, strings, type Tensor } from './tensor.ts';
import { treeEnsembleRegressor } from './tree-ensemble-regressor.ts';

/** A node whose attributes have been read: tensors in, its one tensor out. */
export type Kernel = (inputs: readonly Tensor[]) => Tensor;

type Operator = { inputs: number | 'any'; kernel: (attributes: Attributes) => Kernel };

/** The operators of the graphs that this repository exports, by domain and name. */
const OPERATORS: Record<string, Operator> = {
  Concat: { inputs: 'any', kernel: concat },
  Flatten: { inputs: 1, kernel: flatten },
  Identity: {
    inputs: 1,
    kernel:
      () =>
      ([input]) =>
        input,
  },
  'ai.onnx.ml.Imputer': { inputs: 1, kernel: imputer },
  'ai.onnx.ml.Scaler': { inputs: 1, kernel: scaler },
  'ai.onnx.ml.OneHotEncoder': { inputs: 1, kernel: oneHotEncoder },
  'ai.onnx.ml.LinearRegressor': { inputs: 1, kernel: linearRegressor },
  'ai.onnx.ml.TreeEnsembleRegressor': { inputs: 1, kernel: treeEnsembleRegressor },
};

/** @throws ModelProblem for an operator, an attribute or a mode that this runtime lacks */
export function kernelOf(node: NodeProto): Kernel {
  const isDefaultDomain = node.domain === '' || node.domain === 'ai.onnx';
  const name = isDefaultDomain ? node.opType : `${node.domain}.${node.opType}`;
  if (!Object.hasOwn(OPERATORS, name))
    throw new ModelProblem('unsupported_model', `operator ${name} is not supported`);
  const { inputs, kernel } = OPERATORS[name];
  if (node.output.length !== 1 || (inputs !== 'any' && node.input.length !== inputs))
    throw new ModelProblem('invalid_model', `${name}: wrong number of inputs or outputs`);
  const attributes = attributesOf(node);
  const run = kernel(attributes);
  attributes.finish();
  return run;
}

function concat(attributes: Attributes): Kernel {
  if (attributes.int('axis', 0) !== 1)
    throw new ModelProblem('unsupported_model', 'Concat: only axis 1 is supported');
  return (inputs) => {
    const blocks = inputs.map((input) => floats(input, 'Concat'));
    const rows = blocks[0].dims[0];
    const width = blocks.reduce((sum, block) => sum + columnsOf(block), 0);
    const data = new Float32Array(rows * width);
    let offset = 0;
    for (const block of blocks) {
      const columns = columnsOf(block);
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++)
          data[i * width + offset + j] = block.data[i * columns + j];
      offset += columns;
    }
    return { type: 'float', dims: [rows, width], data };
  };
}

function flatten(attributes: Attributes): Kernel {
  if (attributes.int('axis', 1) !== 1)
    throw new ModelProblem('unsupported_model', 'Flatten: only axis 1 is supported');
  return ([input]) => ({ ...input, dims: [input.dims[0], columnsOf(input)] });
}

function imputer(attributes: Attributes): Kernel {
  const values = attributes.floats('imputed_value_floats');
  const replaced = Math.fround(attributes.float('replaced_value_float', 0));
  const isReplaced = Number.isNaN(replaced) ? Number.isNaN : (x: number) => x === replaced;
  return ([tensor]) => {
    const input = floats(tensor, 'Imputer');
    const columns = checkedColumns(input, [1, values.length], 'Imputer');
    const data = input.data.map((x, i) => (isReplaced(x) ? perColumn(values, i % columns) : x));
    return { ...input, data };
  };
}

function scaler(attributes: Attributes): Kernel {
  const offset = attributes.floats('offset');
  const scale = attributes.floats('scale');
  return ([tensor]) => {
    const input = floats(tensor, 'Scaler');
    const columns = checkedColumns(input, [offset.length, scale.length], 'Scaler');
    const data = input.data.map((x, i) => {
      const centred = Math.fround(x - perColumn(offset, i % columns));
      return centred * perColumn(scale, i % columns);
    });
    return { ...input, data };
  };
}

/** One value for all columns, or one each. */
const perColumn = (values: Float32Array, column: number): number =>
  values[values.length === 1 ? 0 : column];

function checkedColumns(input: Tensor, lengths: number[], operator: string): number {
  const columns = columnsOf(input);
  for (const length of lengths)
    if (length !== 1 && length !== columns)
      throw new ModelProblem('invalid_model', `${operator}: ${length} values, ${columns} columns`);
  return columns;
}

function oneHotEncoder(attributes: Attributes): Kernel {
  const levels = attributes.strings('cats_strings');
  if (attributes.int('zeros', 1) !== 1)
    throw new ModelProblem('unsupported_model', 'OneHotEncoder: only zeros = 1 is supported');
  const levelOf = new Map(levels.map((level, i) => [level, i]));
  return ([tensor]) => {
    const input = strings(tensor, 'OneHotEncoder');
    const data = new Float32Array(input.data.length * levels.length);
    input.data.forEach((value, i) => {
      const level = levelOf.get(value);
      if (level !== undefined) data[i * levels.length + level] = 1;
    });
    return { type: 'float', dims: [...input.dims, levels.length], data };
  };
}

function linearRegressor(attributes: Attributes): Kernel {
  const coefficients = attributes.floats('coefficients');
  const intercepts = attributes.floats('intercepts');
  if (attributes.int('targets', 1) !== 1 || attributes.string('post_transform', 'NONE') !== 'NONE')
    throw new ModelProblem('unsupported_model', 'LinearRegressor: only one plain target');
  return ([tensor]) => {
    const input = floats(tensor, 'LinearRegressor');
    const columns = columnsOf(input);
    if (columns !== coefficients.length)
      throw new ModelProblem('invalid_model', 'LinearRegressor: coefficients do not fit the input');
    const rows = input.dims[0];
    const data = new Float32Array(rows);
    for (let i = 0; i < rows; i++) {
      let sum = 0;
      for (let j = 0; j < columns; j++)
        sum = Math.fround(sum + Math.fround(input.data[i * columns + j] * coefficients[j]));
      data[i] = sum + (intercepts.length > 0 ? intercepts[0] : 0);
    }
    return { type: 'float', dims: [rows, 1], data };
  };
}
