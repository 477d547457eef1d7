import { add, dispose, keep, mul, scalar, sum, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { type Rng, shuffle } from '../core/rng.ts';
import type { FitOptions, LearningData } from '../learn/algorithm.ts';
import { lossAndGradient } from './backpropagation.ts';
import { batchOf, dropoutMask, meanOverChunks, partRows } from './batches.ts';
import { type FoldedLayer, foldLayers, scoreFolded } from './fold-layers.ts';
import { LOSSES, type NeuralLoss } from './loss.ts';
import type { Network } from './network.ts';
import { createOptimizer } from './optimizer.ts';
import type { NeuralParameters } from './parameters.ts';

/** Losses per row of a pass over the rows; `heldLoss`: of the rows kept apart, if any were. */
export type Pass = { pass: number; passes: number; loss: number; heldLoss: number | null };

export type NeuralOptions = FitOptions & { onPass?: (pass: Pass) => void };

/** No row of a scaled target or of a class costs so much but where steps were too long. */
const DIVERGED = 1e8;

export type Training = {
  data: LearningData;
  parameters: NeuralParameters;
  loss: NeuralLoss;
};

/**
 * Trains in place on shuffled batches of equal size; rows left over wait for another pass. Synchronous:
 * on a backend that computes elsewhere it waits once a pass for the loss.
 * @returns layers of the best pass, or of the last where no rows are kept apart; the last before they
 *   diverged
 * @throws when they diverged from the first
 */
export function train(
  network: Network,
  training: Training,
  { rng, isTimeUp, onPass }: NeuralOptions,
): FoldedLayer[] {
  const { data, parameters } = training;
  const heldShare = parameters.earlyStopping ? parameters.validationFraction : 0;
  const { training: rows, held } = partRows(data, { heldShare, rng });
  const stepper = createStepper(network, training, { rng, rows: rows.length });
  let best = { loss: Number.POSITIVE_INFINITY, layers: null as FoldedLayer[] | null };
  let stale = 0;
  try {
    for (let pass = 0; pass < parameters.maxIter; pass++) {
      const loss = stepper.pass(shuffle(rows, rng), isTimeUp);
      if (!(loss < DIVERGED)) break;
      const layers = foldLayers(network);
      const heldLoss = held.length > 0 ? lossOf(layers, training, held) : null;
      onPass?.({ pass: pass + 1, passes: parameters.maxIter, loss, heldLoss });
      const judged = heldLoss ?? loss;
      stale = judged > best.loss - parameters.tol ? stale + 1 : 0;
      if (heldLoss === null || best.layers === null || judged < best.loss)
        best = { loss: Math.min(judged, best.loss), layers };
      if (stale > parameters.nIterNoChange || isTimeUp?.()) break;
    }
  } finally {
    stepper.end();
  }
  if (best.layers === null || !(lossOf(best.layers, training, rows) < DIVERGED))
    throw new Error('the training diverged: lower learningRateInit');
  return best.layers;
}

type Stepper = {
  /** One pass over the rows, or less when time is up. Returns the mean loss. */
  pass(rows: Uint32Array, isTimeUp?: () => boolean): number;
  end(): void;
};

function createStepper(
  network: Network,
  { data, parameters, loss }: Training,
  { rng, rows: count }: { rng: Rng; rows: number },
): Stepper {
  const batchRows = Math.min(parameters.batchSize, count);
  const batches = Math.floor(count / batchRows);
  const optimizer = createOptimizer(network.unknowns, parameters);
  const objective = { loss, l1: parameters.l1, l2: parameters.l2 };
  let step = 0;

  const learn = (rows: Uint32Array): Tensor => {
    const batch = batchOf(data, rows);
    const masks = masksOf(network, parameters.dropout, { rows: batchRows, rng });
    const { value, gradient } = lossAndGradient(network, objective, { batch, masks });
    optimizer.step(gradient, step++ / (batches * parameters.maxIter));
    return value;
  };

  return {
    pass(rows, isTimeUp) {
      let total: Tensor = scalar(0);
      let done = 0;
      while (done < batches && !(step > 0 && isTimeUp?.())) {
        const from = done * batchRows;
        const before: Tensor = total;
        total = tidy(() => keep(add(before, learn(rows.subarray(from, from + batchRows)))));
        dispose(before);
        done += 1;
      }
      const [value] = total.dataSync();
      dispose(total);
      return value / done;
    },
    end: () => optimizer.dispose(),
  };
}

/** One mask per hidden layer; none without dropout. */
function masksOf(
  { places }: Network,
  dropout: number,
  { rows, rng }: { rows: number; rng: Rng },
): Tensor[] {
  if (dropout === 0) return [];
  return places.slice(0, -1).map(({ outputs }) => dropoutMask([rows, outputs], dropout, rng));
}

/** Mean loss of rows that are not learnt from, without penalty. */
function lossOf(
  layers: readonly FoldedLayer[],
  { data, parameters, loss }: Training,
  rows: Uint32Array,
): number {
  return meanOverChunks(rows, (chunk) => {
    const { inputs, target, weights } = batchOf(data, chunk);
    const scores = scoreFolded(layers, parameters.activation, inputs);
    return sum(mul(LOSSES[loss].value(scores, target), weights));
  });
}
