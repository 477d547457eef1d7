import type { Matrix } from '../matrix.ts';
import { knownValues, quantileOf } from './column-values.ts';

/** Missing values of column j become values[j]; NaN leaves them missing (ONNX: Imputer). */
export type ImputeStep = { type: 'impute'; values: Float32Array };

export type ImputeStrategy = 'mean' | 'median' | 'most-frequent' | 'constant';

/**
 * Fits what each column's missing values become, over its known values (scikit-learn 1.2's
 * SimpleImputer; `constant` is 0). A column without a known value gets 0. Ties of `most-frequent` go to the smallest
 * value, as there. Cost: rows x columns, times log rows for all but the mean.
 */
export function fitImpute(matrix: Matrix, strategy: ImputeStrategy): ImputeStep {
  const width = matrix.names.length;
  const values = new Float32Array(width);
  for (let j = 0; j < width; j++) {
    const known = knownValues(matrix, j);
    values[j] = known.length === 0 || strategy === 'constant' ? 0 : centreOf(known, strategy);
  }
  return { type: 'impute', values };
}

export function applyImpute({ values }: ImputeStep, matrix: Matrix): Matrix {
  const width = values.length;
  const data = matrix.data.slice();
  for (let at = 0; at < data.length; at += width)
    for (let j = 0; j < width; j++) if (Number.isNaN(data[at + j])) data[at + j] = values[j];
  return { ...matrix, data };
}

function centreOf(known: Float32Array, strategy: ImputeStrategy): number {
  if (strategy === 'mean') return known.reduce((sum, value) => sum + value, 0) / known.length;
  known.sort();
  if (strategy === 'most-frequent') return modeOf(known);
  return quantileOf(known, 0.5);
}

function modeOf(sorted: Float32Array): number {
  let best = sorted[0];
  let most = 0;
  for (let from = 0; from < sorted.length; ) {
    let to = from;
    while (to < sorted.length && sorted[to] === sorted[from]) to++;
    if (to - from > most) {
      most = to - from;
      best = sorted[from];
    }
    from = to;
  }
  return best;
}
