import { log, log1p } from '../../core/portable-math.ts';
import type { Matrix } from '../matrix.ts';
import { knownValues, oneHotColumns } from './column-values.ts';

/**
 * The Yeo-Johnson power of each column (ONNX: elementwise operators); a lambda of 1 leaves it as it
 * is. Computed in float64 from float32 and rounded once.
 */
export type PowerStep = { type: 'power'; lambdas: Float32Array };

/** Beyond these a column would be all but constant, or overflow. */
const LEAST = -3;
const MOST = 5;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
const WIDTH_ENOUGH = 1e-5;

/**
 * Fits the lambda that makes each column likeliest under a normal distribution (Yeo and Johnson 2000),
 * by golden section; scikit-learn 1.2's PowerTransformer(method='yeo-johnson', standardize=False)
 * uses Brent's method. One-hot and constant columns are left. Scale afterwards.
 */
export function fitPower(matrix: Matrix): PowerStep {
  const isOneHot = oneHotColumns(matrix);
  const lambdas = Float32Array.from(matrix.names, (_, j) => {
    const known = isOneHot[j] ? new Float32Array(0) : knownValues(matrix, j);
    return known.some((value) => value !== known[0]) ? likeliestLambda(known) : 1;
  });
  return { type: 'power', lambdas };
}

function likeliestLambda(values: Float32Array): number {
  let logs = 0;
  for (const value of values) logs += Math.sign(value) * log1p(Math.abs(value));
  const badness = (lambda: number) => -logLikelihood(values, lambda, logs);
  let [low, high] = [LEAST, MOST];
  let [a, b] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
  let [atA, atB] = [badness(a), badness(b)];
  while (high - low > WIDTH_ENOUGH) {
    if (atA <= atB) {
      [high, b, atB] = [b, a, atA];
      a = high - GOLDEN * (high - low);
      atA = badness(a);
    } else {
      [low, a, atA] = [a, b, atB];
      b = low + GOLDEN * (high - low);
      atB = badness(b);
    }
  }
  return (low + high) / 2;
}

/** Up to a constant; `logs` is the sum of sign(x) ln(1 + |x|). */
function logLikelihood(values: Float32Array, lambda: number, logs: number): number {
  let mean = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const y = yeoJohnson(values[i], lambda);
    const delta = y - mean;
    mean += delta / (i + 1);
    squares += delta * (y - mean);
  }
  const likelihood = (-values.length / 2) * log(squares / values.length) + (lambda - 1) * logs;
  return Number.isFinite(likelihood) ? likelihood : Number.NEGATIVE_INFINITY;
}

/** Near these the power is a logarithm. */
const EPSILON = 1e-6;

export function yeoJohnson(x: number, lambda: number): number {
  if (x >= 0) return Math.abs(lambda) < EPSILON ? log1p(x) : ((1 + x) ** lambda - 1) / lambda;
  const mirrored = 2 - lambda;
  return Math.abs(mirrored) < EPSILON ? -log1p(-x) : -((1 - x) ** mirrored - 1) / mirrored;
}

export function applyPower({ lambdas }: PowerStep, matrix: Matrix): Matrix {
  const width = lambdas.length;
  const data = matrix.data.slice();
  for (let j = 0; j < width; j++) {
    if (lambdas[j] === 1) continue;
    for (let at = j; at < data.length; at += width) data[at] = yeoJohnson(data[at], lambdas[j]);
  }
  return { ...matrix, data };
}
