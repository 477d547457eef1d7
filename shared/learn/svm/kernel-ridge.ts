import { takeMatrixRows } from '../../prepare/matrix.ts';
import type { FitOptions, LearningData } from '../algorithm.ts';
import { addGram, BLOCK_ROWS, createColumnBlock } from '../linear/column-block.ts';
import { drawFirst } from '../linear/consensus.ts';
import { solveDamped } from '../linear/solve-symmetric.ts';
import type { Parameters } from '../search/space.ts';
import { kernelRow } from './kernel.ts';
import { type KernelEstimator, toKernelEstimator } from './kernel-estimator.ts';
import { kernelOf } from './kernel-machine.ts';

/**
 * Kernel ridge regression of the target less its mean: minimises sum w (y - mean - f(x))^2 +
 * alpha |f|^2 over functions f made of at most `maxVectors` kernels at random training rows (the
 * Nystroem method, Williams and Seeger 2001; Rudi et al. 2015). With fewer rows than that it is exact:
 * scikit-learn 1.2.1's KernelRidge of the centred target.
 * Cost: rows x vectors x (columns + vectors / 2) + vectors^3 / 6.
 */
export function fitKernelRidge(
  { matrix, target, weights }: LearningData,
  parameters: Parameters,
  { rng, isTimeUp }: FitOptions,
): KernelEstimator {
  const kernel = kernelOf(parameters, matrix);
  const order = Uint32Array.from({ length: matrix.rows }, (_, row) => row);
  const count = Math.min(Number(parameters.maxVectors), matrix.rows);
  if (count < matrix.rows) drawFirst(order, count, rng);
  const vectors = takeMatrixRows(matrix, order.subarray(0, count));
  const mean = weightedMean(target, weights);
  const total = count + 1;
  const gram = new Float64Array(total * total);
  const block = createColumnBlock(total);
  const values = new Float64Array(count);
  for (let from = 0; from < matrix.rows && !isTimeUp?.(); from += BLOCK_ROWS) {
    const rows = Math.min(BLOCK_ROWS, matrix.rows - from);
    for (let r = 0; r < rows; r++) {
      const root = Math.sqrt(weights === null ? 1 : weights[from + r]);
      kernelRow(kernel, { matrix, row: from + r }, { against: vectors, into: values });
      for (let i = 0; i < count; i++) block[i * BLOCK_ROWS + r] = root * values[i];
      block[count * BLOCK_ROWS + r] = root * (target[from + r] - mean);
    }
    addGram(gram, block, { rows, columns: total });
  }
  const system = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    kernelRow(kernel, { matrix: vectors, row: i }, { against: vectors, into: values });
    for (let j = 0; j <= i; j++)
      system[i * count + j] = gram[i * total + j] + Number(parameters.alpha) * values[j];
  }
  const cross = gram.slice(count * total, count * total + count);
  return toKernelEstimator(
    { kernel, matrix: vectors, link: 'identity' },
    { coefficients: [solveDamped(system, cross)], intercepts: [mean] },
  );
}

function weightedMean(target: Float64Array, weights: Float64Array | null): number {
  let weight = 0;
  let sum = 0;
  target.forEach((value, row) => {
    const w = weights === null ? 1 : weights[row];
    weight += w;
    sum += w * value;
  });
  return sum / weight;
}
