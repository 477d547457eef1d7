import type { Matrix } from '../matrix.ts';
import { oneHotColumns } from './column-values.ts';

/** Appends, per term, the product of its columns (ONNX: Gather and Mul). */
export type ProductsStep = { type: 'products'; terms: number[][] };

/** More terms than this would cost more than they can teach. */
const MOST_TERMS = 2000;

/**
 * Terms of degree 2: squares and products of pairs of number columns, `interaction` leaves out the
 * squares. As scikit-learn 1.2's PolynomialFeatures, which also crosses one-hot columns. Null where
 * there is nothing to multiply, or more than 2,000 terms.
 */
export function fitProducts(
  matrix: Matrix,
  kind: 'polynomial' | 'interaction',
): ProductsStep | null {
  const isOneHot = oneHotColumns(matrix);
  const numbers = matrix.names.flatMap((_, j) => (isOneHot[j] ? [] : [j]));
  const terms: number[][] = [];
  numbers.forEach((a, i) => {
    for (const b of numbers.slice(kind === 'polynomial' ? i : i + 1)) terms.push([a, b]);
  });
  return terms.length === 0 || terms.length > MOST_TERMS ? null : { type: 'products', terms };
}

export function applyProducts({ terms }: ProductsStep, matrix: Matrix): Matrix {
  const { rows, names, data } = matrix;
  const width = names.length;
  const wider = width + terms.length;
  const into = new Float32Array(rows * wider);
  for (let row = 0; row < rows; row++) {
    const from = row * width;
    const to = row * wider;
    into.set(data.subarray(from, from + width), to);
    for (let t = 0; t < terms.length; t++) {
      let product = data[from + terms[t][0]];
      for (let f = 1; f < terms[t].length; f++)
        product = Math.fround(product * data[from + terms[t][f]]);
      into[to + width + t] = product;
    }
  }
  const added = terms.map((term) => term.map((column) => names[column]).join(' x '));
  return { ...matrix, names: [...names, ...added], data: into };
}
