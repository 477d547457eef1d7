import { type Rng, shuffle } from '../../core/rng.ts';
import type { LearningData } from '../algorithm.ts';
import {
  type Batch,
  countUnknowns,
  layersOf,
  lossAndGradient,
  type NetworkShape,
} from './backpropagation.ts';

export type TrainOptions = {
  batchSize: number;
  learningRateInit: number;
  maxIter: number;
  /** A pass that does not lower the loss by it counts as without change. */
  tol: number;
  nIterNoChange: number;
  /** Judges passes by rows kept apart, and returns the best; else by the training loss. */
  earlyStopping: boolean;
  validationFraction: number;
  /** Unknowns to start from; absent: Glorot's. */
  start?: Float64Array;
  rng: Rng;
  isTimeUp?: () => boolean;
};

const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-8;

/**
 * Trains a network by Adam on shuffled batches (Kingma and Ba 2015) from Glorot's uniform start
 * (Glorot and Bengio 2010): scikit-learn 1.2.1's MLPRegressor and MLPClassifier with solver 'adam'.
 * There early stopping scores accuracy or R2 of the rows kept apart, here their loss.
 * @returns unknowns as `countUnknowns` orders them
 * Cost: 3 x rows x unknowns per pass.
 */
export function trainNetwork(
  shape: NetworkShape,
  data: LearningData,
  options: TrainOptions,
): Float64Array {
  const { rng, maxIter, tol, nIterNoChange, isTimeUp } = options;
  const unknowns = options.start ?? initialUnknowns(shape, rng);
  const { training, held } = splitRows(data, options);
  const adam = createAdam(unknowns.length, options.learningRateInit);
  const gradient = new Float64Array(unknowns.length);
  const batchSize = Math.min(options.batchSize, training.length);
  let best = { loss: Infinity, unknowns };
  let stale = 0;
  for (let pass = 0; pass < maxIter && !(pass > 0 && isTimeUp?.()); pass++) {
    shuffle(training, rng);
    let sum = 0;
    for (let from = 0; from < training.length; from += batchSize) {
      const rows = training.subarray(from, from + batchSize);
      sum +=
        lossAndGradient(shape, unknowns, { batch: batchOf(data, rows), gradient }) * rows.length;
      adam(unknowns, gradient);
    }
    const loss =
      held.length === 0
        ? sum / training.length
        : lossAndGradient(shape, unknowns, { batch: batchOf(data, held), gradient });
    stale = loss > best.loss - tol ? stale + 1 : 0;
    if (loss < best.loss)
      best = { loss, unknowns: held.length === 0 ? unknowns : unknowns.slice() };
    if (stale > nIterNoChange) break;
  }
  return held.length === 0 ? unknowns : best.unknowns;
}

function initialUnknowns({ sizes, activation }: NetworkShape, rng: Rng): Float64Array {
  const unknowns = new Float64Array(countUnknowns(sizes));
  for (const { at, inputs, outputs } of layersOf(sizes)) {
    const bound = Math.sqrt((activation === 'logistic' ? 2 : 6) / (inputs + outputs));
    for (let i = at; i < at + (inputs + 1) * outputs; i++) unknowns[i] = bound * (2 * rng() - 1);
  }
  return unknowns;
}

function splitRows(
  { matrix, weights }: LearningData,
  { earlyStopping, validationFraction, rng }: TrainOptions,
): { training: Uint32Array; held: Uint32Array } {
  const rows = Uint32Array.from({ length: matrix.rows }, (_, row) => row).filter(
    (row) => weights === null || weights[row] > 0,
  );
  const heldRows = earlyStopping ? Math.floor(rows.length * validationFraction) : 0;
  shuffle(rows, rng);
  return { training: rows.slice(heldRows), held: rows.slice(0, heldRows) };
}

function batchOf({ matrix, target, weights }: LearningData, rows: Uint32Array): Batch {
  const width = matrix.names.length;
  const inputs = new Float64Array(rows.length * width);
  rows.forEach((row, i) => {
    inputs.set(matrix.data.subarray(row * width, (row + 1) * width), i * width);
  });
  return {
    rows: rows.length,
    inputs,
    target: Float64Array.from(rows, (row) => target[row]),
    weights: Float64Array.from(rows, (row) => (weights === null ? 1 : weights[row])),
  };
}

/** A step down the gradient, in place. */
export function createAdam(
  n: number,
  learningRate: number,
): (unknowns: Float64Array, gradient: Float64Array) => void {
  const first = new Float64Array(n);
  const second = new Float64Array(n);
  let power1 = 1;
  let power2 = 1;
  return (unknowns, gradient) => {
    power1 *= BETA_1;
    power2 *= BETA_2;
    const rate = (learningRate * Math.sqrt(1 - power2)) / (1 - power1);
    for (let i = 0; i < n; i++) {
      first[i] = BETA_1 * first[i] + (1 - BETA_1) * gradient[i];
      second[i] = BETA_2 * second[i] + (1 - BETA_2) * gradient[i] * gradient[i];
      unknowns[i] -= (rate * first[i]) / (Math.sqrt(second[i]) + EPSILON);
    }
  };
}
