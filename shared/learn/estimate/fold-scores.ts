import { type Rng, shuffle } from '../../core/rng.ts';
import type { BinnedMatrix } from '../boosting/binning.ts';
import {
  type BoostingData,
  type BoostingState,
  boost,
  startBoosting,
} from '../boosting/boosting.ts';

/** LightGBM's defaults but for the number of trees: a small model that is fitted many times. */
const TREE = { maxLeaves: 15, minSamplesLeaf: 20, l2: 0, learningRate: 0.1 };
export const ROUNDS = 60;

/** Boosting for squared error on the rows of `train`; `validation` rows are scored. */
export function fitScores(data: BoostingData): BoostingState {
  const state = startBoosting(data);
  boost(state, data, { rounds: ROUNDS, tree: TREE });
  return state;
}

/** What each row is given by a model that has not seen it, row by row, from the folds given. */
export function scoresOutOfFold(
  matrix: BinnedMatrix,
  target: Float64Array,
  folds: readonly Uint32Array[],
): Float64Array {
  const scores = new Float64Array(matrix.rows);
  folds.forEach((validation, held) => {
    const train = Uint32Array.from(folds.flatMap((rows, i) => (i === held ? [] : [...rows])));
    const state = fitScores({ matrix, target, train, validation });
    for (const row of validation) scores[row] = state.base + state.scores[row];
  });
  return scores;
}

/** What each row after the first fold is given by a model of the folds before its own. */
export function scoresAhead(
  matrix: BinnedMatrix,
  target: Float64Array,
  folds: readonly Uint32Array[],
): Float64Array {
  const scores = new Float64Array(matrix.rows);
  folds.forEach((validation, held) => {
    if (held === 0) return;
    const train = Uint32Array.from(folds.slice(0, held).flatMap((rows) => [...rows]));
    const state = fitScores({ matrix, target, train, validation });
    for (const row of validation) scores[row] = state.base + state.scores[row];
  });
  return scores;
}

/** Rows dealt out at random, as evenly as can be. */
export function dealFolds(rows: readonly number[], count: number, rng: Rng): number[][] {
  const shuffled = [...rows];
  shuffle(shuffled, rng);
  return Array.from({ length: count }, (_, fold) => shuffled.filter((__, i) => i % count === fold));
}
