import { type Tensor, type Tensor2D, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { type Rng, shuffle } from '../core/rng.ts';
import type { LearningData } from '../learn/algorithm.ts';

/** Rows on the backend. `weights` [rows, 1] sum to 1. */
export type Batch = { inputs: Tensor2D; target: Tensor2D; weights: Tensor2D };

/** The rows named, within the caller's tidy. Targets of several classes become one-hot. */
export function batchOf(
  { matrix, target, weights, classes }: LearningData,
  rows: Uint32Array,
): Batch {
  const n = rows.length;
  const width = matrix.names.length;
  const outputs = classes > 2 ? classes : 1;
  const inputs = new Float32Array(n * width);
  const targets = new Float32Array(n * outputs);
  const factors = new Float32Array(n);
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const row = rows[i];
    inputs.set(matrix.data.subarray(row * width, (row + 1) * width), i * width);
    if (outputs > 1) targets[i * outputs + target[row]] = 1;
    else targets[i] = target[row];
    factors[i] = weights === null ? 1 : weights[row];
    sum += factors[i];
  }
  for (let i = 0; i < n; i++) factors[i] /= sum;
  return {
    inputs: tensor2d(inputs, [n, width]),
    target: tensor2d(targets, [n, outputs]),
    weights: tensor2d(factors, [n, 1]),
  };
}

/** Rows that count, in a random order; a share of them kept apart. */
export function partRows(
  { matrix, weights }: LearningData,
  { heldShare, rng }: { heldShare: number; rng: Rng },
): { training: Uint32Array; held: Uint32Array } {
  const rows = Uint32Array.from({ length: matrix.rows }, (_, row) => row).filter(
    (row) => weights === null || weights[row] > 0,
  );
  shuffle(rows, rng);
  const heldRows = Math.min(rows.length - 1, Math.floor(rows.length * heldShare));
  return { training: rows.slice(heldRows), held: rows.slice(0, heldRows) };
}

/**
 * What silences units [rows, units]: 0 for a share of them, the others raised so that their mean stays
 * (Srivastava et al. 2014). A tfjs dropout layer with a seed silences the same units in every batch.
 */
export function dropoutMask(
  [rows, units]: readonly [number, number],
  dropout: number,
  rng: Rng,
): Tensor {
  const kept = 1 / (1 - dropout);
  const values = new Float32Array(rows * units);
  for (let i = 0; i < values.length; i++) values[i] = rng() < dropout ? 0 : kept;
  return tensor2d(values, [rows, units]);
}

const CHUNK_ROWS = 4096;

/** The mean of what `meanOf` says of each chunk of the rows. */
export function meanOverChunks(rows: Uint32Array, meanOf: (rows: Uint32Array) => Tensor): number {
  let sum = 0;
  for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
    const chunk = rows.subarray(from, from + CHUNK_ROWS);
    const [value] = tidy(() => meanOf(chunk).dataSync());
    sum += value * chunk.length;
  }
  return sum / rows.length;
}
