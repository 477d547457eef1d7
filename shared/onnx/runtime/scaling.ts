import type { Attributes } from './attributes.ts';
import type { Kernel, Operator } from './operator.ts';
import { columnsOf, floats, invalid, type Tensor, unsupported } from './tensor.ts';

function imputer(attributes: Attributes): Kernel {
  const values = attributes.floats('imputed_value_floats');
  const replaced = Math.fround(attributes.float('replaced_value_float', 0));
  const isNaNReplaced = Number.isNaN(replaced);
  return ([tensor]) => {
    const input = floats(tensor, 'Imputer');
    const columns = checkedColumns(input, [values.length], 'Imputer');
    const perColumn = spread(values, columns);
    const data = input.data.slice();
    for (let at = 0; at < data.length; at += columns)
      for (let j = 0; j < columns; j++) {
        const x = data[at + j];
        if (isNaNReplaced ? Number.isNaN(x) : x === replaced) data[at + j] = perColumn[j];
      }
    return { ...input, data };
  };
}

function scaler(attributes: Attributes): Kernel {
  const offset = attributes.floats('offset');
  const scale = attributes.floats('scale');
  return ([tensor]) => {
    const input = floats(tensor, 'Scaler');
    const columns = checkedColumns(input, [offset.length, scale.length], 'Scaler');
    const [offsets, scales] = [spread(offset, columns), spread(scale, columns)];
    const data = new Float32Array(input.data.length);
    for (let at = 0; at < data.length; at += columns)
      for (let j = 0; j < columns; j++)
        data[at + j] = Math.fround(input.data[at + j] - offsets[j]) * scales[j];
    return { ...input, data };
  };
}

/** One value for all columns, or one each. */
const spread = (values: Float32Array, columns: number): Float32Array =>
  values.length === columns ? values : new Float32Array(columns).fill(values[0]);

function checkedColumns(input: Tensor, lengths: number[], operator: string): number {
  const columns = columnsOf(input);
  for (const length of lengths)
    if (length !== 1 && length !== columns)
      throw invalid(`${operator}: ${length} values, ${columns} columns`);
  return columns;
}

/** What a row is divided by. */
const NORMS: Record<string, (row: Float32Array) => number> = {
  MAX: (row) => row.reduce((most, x) => Math.max(most, x), Number.NEGATIVE_INFINITY),
  L1: (row) => row.reduce((sum, x) => sum + Math.abs(x), 0),
  L2: (row) => Math.sqrt(row.reduce((sum, x) => sum + x * x, 0)),
};

/** A row whose norm is 0 stays as it is. */
function normalizer(attributes: Attributes): Kernel {
  const name = attributes.string('norm', 'MAX');
  const norm = NORMS[name];
  if (norm === undefined) throw unsupported(`Normalizer: norm ${name} is not supported`);
  return ([tensor]) => {
    const input = floats(tensor, 'Normalizer');
    const columns = columnsOf(input);
    const data = input.data.slice();
    for (let at = 0; at < data.length; at += columns) {
      const row = data.subarray(at, at + columns);
      const by = norm(row);
      if (by !== 0) for (let j = 0; j < columns; j++) row[j] /= by;
    }
    return { ...input, data };
  };
}

export const SCALING: Record<string, Operator> = {
  'ai.onnx.ml.Imputer': { inputs: [1, 1], kernel: imputer },
  'ai.onnx.ml.Normalizer': { inputs: [1, 1], kernel: normalizer },
  'ai.onnx.ml.Scaler': { inputs: [1, 1], kernel: scaler },
};
