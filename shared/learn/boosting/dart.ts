import type { Rng } from '../../core/rng.ts';
import { type BinnedForest, treeAt } from './binned-forest.ts';
import { addTreeScores } from './binned-tree.ts';
import type { BinnedMatrix } from './binning.ts';

export type DartOptions = {
  /** Chance of a round to be dropped. */
  dropRate: number;
  /** Chance that a new round drops none. */
  skipDrop: number;
  /** Rounds that are dropped at most. */
  maxDrop: number;
};

/** Draws the rounds that the next one is grown without. */
export function drawDropped(
  rounds: number,
  { dropRate, skipDrop, maxDrop, rng }: DartOptions & { rng: Rng },
): number[] {
  if (rng() < skipDrop) return [];
  const dropped: number[] = [];
  for (let round = 0; round < rounds; round++)
    if (rng() < dropRate && dropped.length < maxDrop) dropped.push(round);
  return dropped;
}

type Rounds = {
  state: { base: Float32Array; forest: BinnedForest; scores: Float32Array[] };
  matrix: BinnedMatrix;
  order: Uint32Array;
};

/** Takes what the rounds say out of the scores of the rows in `order`; their trees stay. */
export const dropRounds = (given: Rounds, rounds: readonly number[]): void =>
  scaleRounds(given, rounds, { trees: 1, scores: -1 });

/** What the new round's learning rate is multiplied by. */
export const newShare = (dropped: number, learningRate: number): number =>
  dropped === 0 ? 1 : 1 / (dropped + learningRate);

/**
 * Puts the k dropped rounds back at k / (k + learning rate) of what they said: the new one, fitted
 * to what they left, then says the rest (XGBoost 1.7, `normalize_type` 'tree'; at a rate of 1 it is
 * Vinayak and Gilad-Bachrach 2015, algorithm 1).
 */
export function restoreRounds(
  given: Rounds,
  rounds: readonly number[],
  learningRate: number,
): void {
  const share = rounds.length / (rounds.length + learningRate);
  scaleRounds(given, rounds, { trees: share, scores: share });
}

function scaleRounds(
  { state, matrix, order }: Rounds,
  rounds: readonly number[],
  factors: { trees: number; scores: number },
): void {
  const outputs = state.base.length;
  for (const round of rounds)
    for (let output = 0; output < outputs; output++) {
      const tree = treeAt(state.forest, round * outputs + output);
      const said = { ...tree, value: tree.value.map((value) => value * factors.scores) };
      addTreeScores(matrix, said, { order, scores: state.scores[output] });
      tree.value.forEach((value, i) => {
        tree.value[i] = value * factors.trees;
      });
    }
}
