import { exp, log } from '../../../core/portable-math.ts';
import { factor, invert, solve } from './cholesky.ts';
import { type Inputs, type KernelParameters, matern, maternSlope, squaredGap } from './kernel.ts';

const LEAST_NOISE = 1e-6;

/** Parameters from their logarithms: precisions, scale, noise above the least. */
export const unpack = (logs: Float64Array, width: number): KernelParameters => ({
  precisions: logs.subarray(0, width).map(exp),
  scale: exp(logs[width]),
  noise: exp(logs[width + 1]) + LEAST_NOISE,
});

/** By input, the squared distances of all pairs, row-major [n, n]. */
export function squaredGaps({ rows, isCategory }: Inputs): Float64Array[] {
  const n = rows.length;
  return isCategory.map((isCode, j) => {
    const gaps = new Float64Array(n * n);
    for (let a = 0; a < n; a++)
      for (let b = 0; b < a; b++) gaps[a * n + b] = squaredGap(rows[a][j], rows[b][j], isCode);
    return gaps;
  });
}

export type Evidence = { gaps: readonly Float64Array[]; targets: Float64Array; width: number };

/**
 * Minus the log posterior density of kernel parameters, but for a constant: the evidence of the
 * targets and Optuna 5.0.0's priors. Infinity where the kernel matrix is not positive definite.
 * Source: Rasmussen and Williams (2006), equations 5.8 and 5.9.
 * @param slope its gradient by the logarithms, written
 */
export function negativeLogPosterior(
  logs: Float64Array,
  slope: Float64Array,
  evidence: Evidence,
): number {
  const { gaps, targets, width } = evidence;
  const n = targets.length;
  const { precisions, scale, noise } = unpack(logs, width);
  const squared = new Float64Array(n * n);
  for (let j = 0; j < width; j++)
    for (let at = 0; at < n * n; at++) squared[at] += precisions[j] * gaps[j][at];
  const kernel = squared.map((value) => scale * matern(value));
  for (let a = 0; a < n; a++) kernel[a * n + a] += noise;
  const lower = factor(kernel, n);
  if (lower === null) return Number.POSITIVE_INFINITY;
  const weights = solve(lower, targets);
  let loss = 0;
  for (let a = 0; a < n; a++) loss += log(lower[a * n + a]) + 0.5 * targets[a] * weights[a];
  const inverse = invert(lower, n);
  slope.fill(0);
  for (let a = 0; a < n; a++)
    for (let b = 0; b <= a; b++) {
      const pull = (inverse[a * n + b] - weights[a] * weights[b]) * (a === b ? 0.5 : 1);
      const at = a * n + b;
      slope[width] += pull * scale * matern(squared[at]);
      if (a === b) slope[width + 1] += pull * (noise - LEAST_NOISE);
      const each = pull * scale * maternSlope(squared[at]);
      for (let j = 0; j < width; j++) slope[j] += each * precisions[j] * gaps[j][at];
    }
  return loss + negativeLogPrior({ precisions, scale, noise }, slope);
}

/** Adds its gradient by the logarithms of the parameters. */
function negativeLogPrior(parameters: KernelParameters, slope: Float64Array): number {
  const { precisions, scale, noise } = parameters;
  const width = precisions.length;
  let loss = scale - log(scale) + 30 * noise - 0.1 * log(noise);
  slope[width] += scale - 1;
  slope[width + 1] += (30 - 0.1 / noise) * (noise - LEAST_NOISE);
  precisions.forEach((precision, j) => {
    loss += 0.1 / precision + 0.1 * precision;
    slope[j] += 0.1 * precision - 0.1 / precision;
  });
  return loss;
}
