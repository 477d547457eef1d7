import type { Attributes } from './attributes.ts';
import { broadcastDims, sourceIndices } from './broadcast.ts';
import type { Kernel, Operator } from './operator.ts';
import { type FloatTensor, floats, invalid, type Tensor } from './tensor.ts';

/** [n, k] times [k, m], in float32, row by row. */
export function multiply(a: FloatTensor, b: FloatTensor): FloatTensor {
  const [rows, inner] = a.dims;
  const [height, columns] = b.dims;
  if (a.dims.length !== 2 || b.dims.length !== 2 || inner !== height)
    throw invalid(`a matrix [${a.dims}] cannot be multiplied by [${b.dims}]`);
  const data = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < inner; k++) {
      const factor = a.data[i * inner + k];
      for (let j = 0; j < columns; j++) data[i * columns + j] += factor * b.data[k * columns + j];
    }
  return { type: 'float', dims: [rows, columns], data };
}

export function transposed({ dims: [rows, columns], data }: FloatTensor): FloatTensor {
  const turned = new Float32Array(data.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) turned[j * rows + i] = data[i * columns + j];
  return { type: 'float', dims: [columns, rows], data: turned };
}

const matMul =
  (): Kernel =>
  ([a, b]) =>
    multiply(floats(a, 'MatMul'), floats(b, 'MatMul'));

/** alpha A B + beta C, with A or B turned. */
function gemm(attributes: Attributes): Kernel {
  const alpha = Math.fround(attributes.float('alpha', 1));
  const beta = Math.fround(attributes.float('beta', 1));
  const turnA = attributes.int('transA', 0) === 1;
  const turnB = attributes.int('transB', 0) === 1;
  const operand = (tensor: Tensor, isTurned: boolean) => {
    const matrix = floats(tensor, 'Gemm');
    return isTurned ? transposed(matrix) : matrix;
  };
  return ([a, b, c]) => {
    const product = multiply(operand(a, turnA), operand(b, turnB));
    for (let i = 0; i < product.data.length; i++) product.data[i] *= alpha;
    if (c === undefined) return product;
    const added = floats(c, 'Gemm');
    const from = sourceIndices(added.dims, broadcastDims(added.dims, product.dims));
    for (let i = 0; i < product.data.length; i++)
      product.data[i] += beta * added.data[from === null ? i : from[i]];
    return product;
  };
}

export const PRODUCTS: Record<string, Operator> = {
  MatMul: { inputs: [2, 2], kernel: matMul },
  Gemm: { inputs: [2, 3], kernel: gemm },
};
