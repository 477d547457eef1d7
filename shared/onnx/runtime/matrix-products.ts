import type { Attributes } from './attributes.ts';
import { broadcastDims, sourceIndices } from './broadcast.ts';
import type { Kernel, Operator } from './operator.ts';
import { type DoubleTensor, type FloatTensor, floats, invalid, type Tensor } from './tensor.ts';

/** Rows and columns of a product [n, k] [k, m]. @throws ModelProblem where they do not fit */
function productDims(a: Tensor, b: Tensor): [rows: number, inner: number, columns: number] {
  const [rows, inner] = a.dims;
  const [height, columns] = b.dims;
  if (a.dims.length === 2 && b.dims.length === 2 && inner === height) return [rows, inner, columns];
  throw invalid(`a matrix [${a.dims}] cannot be multiplied by [${b.dims}]`);
}

/** [n, k] times [k, m], row by row, in float32. */
export function multiply(a: FloatTensor, b: FloatTensor): FloatTensor {
  const [rows, inner, columns] = productDims(a, b);
  const data = new Float32Array(rows * columns);
  addProductsInFloat(a.data, b.data, { into: data, inner, columns });
  return { type: 'float', dims: [rows, columns], data };
}

function multiplyDoubles(a: DoubleTensor, b: DoubleTensor): DoubleTensor {
  const [rows, inner, columns] = productDims(a, b);
  const data = new Float64Array(rows * columns);
  addProducts(a.data, b.data, { into: data, inner, columns });
  return { type: 'double', dims: [rows, columns], data };
}

type Product<T> = { into: T; inner: number; columns: number };

/** Twice the same loop: each then sees arrays of one kind only. Products of float32 are rounded. */
function addProducts(
  a: Float64Array,
  b: Float64Array,
  { into, inner, columns }: Product<Float64Array>,
): void {
  for (let i = 0; i * columns < into.length; i++)
    for (let k = 0; k < inner; k++) {
      const factor = a[i * inner + k];
      for (let j = 0; j < columns; j++) into[i * columns + j] += factor * b[k * columns + j];
    }
}

function addProductsInFloat(
  a: Float32Array,
  b: Float32Array,
  { into, inner, columns }: Product<Float32Array>,
): void {
  for (let i = 0; i * columns < into.length; i++)
    for (let k = 0; k < inner; k++) {
      const factor = a[i * inner + k];
      for (let j = 0; j < columns; j++)
        into[i * columns + j] += Math.fround(factor * b[k * columns + j]);
    }
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
    a.type === 'double' && b.type === 'double'
      ? multiplyDoubles(a, b)
      : multiply(floats(a, 'MatMul'), floats(b, 'MatMul'));

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
