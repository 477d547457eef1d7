import type { ScoreCounts } from '../../contracts/profile.ts';
import { SCORE_BINS } from '../../contracts/profile.ts';

/** Bins by which calibration is judged; each is ten of `SCORE_BINS`. */
export const CALIBRATION_BINS = 10;
const BINS_A_TENTH = SCORE_BINS / CALIBRATION_BINS;

/** Keeps the logarithm of a certain mistake finite. */
const LEAST_PROBABILITY = 1e-15;
/** 100 x 0.29 is a little below 29: whole hundredths belong to the bin they begin. */
const ROUNDING = 1e-9;

export const createScores = (): ScoreCounts => ({
  positive: new Array<number>(SCORE_BINS).fill(0),
  negative: new Array<number>(SCORE_BINS).fill(0),
  told: new Array<number>(CALIBRATION_BINS).fill(0),
  logLoss: { n: 0, sum: 0, sumSquares: 0 },
});

/** Index of the bin i <= 100 p < i + 1; p = 1 is in the last. */
export const scoreBinOf = (probability: number): number =>
  Math.min(SCORE_BINS - 1, Math.max(0, Math.floor(SCORE_BINS * probability + ROUNDING)));

/** The tenth that a bin is part of. */
export const tenthOf = (bin: number): number => Math.floor(bin / BINS_A_TENTH);

/** Counts in place what became of a row that was given a probability in [0, 1]. */
export function addScore(scores: ScoreCounts, probability: number, isPositive: boolean): void {
  const bin = scoreBinOf(probability);
  (isPositive ? scores.positive : scores.negative)[bin]++;
  scores.told[tenthOf(bin)] += probability;
  const given = isPositive ? probability : 1 - probability;
  const loss = -Math.log(Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, given)));
  scores.logLoss.n++;
  scores.logLoss.sum += loss;
  scores.logLoss.sumSquares += loss * loss;
}

/** Adds `from` to `into` in place and returns `into`. Exact on counts, to rounding on sums. */
export function addScores(into: ScoreCounts, from: ScoreCounts): ScoreCounts {
  for (let bin = 0; bin < SCORE_BINS; bin++) {
    into.positive[bin] += from.positive[bin];
    into.negative[bin] += from.negative[bin];
  }
  for (let tenth = 0; tenth < CALIBRATION_BINS; tenth++) into.told[tenth] += from.told[tenth];
  into.logLoss.n += from.logLoss.n;
  into.logLoss.sum += from.logLoss.sum;
  into.logLoss.sumSquares += from.logLoss.sumSquares;
  return into;
}
