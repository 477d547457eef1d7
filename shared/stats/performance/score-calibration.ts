import type { ScoreCounts } from '../../contracts/profile.ts';
import { SCORE_BINS } from '../../contracts/profile.ts';
import { normalSurvival } from '../distributions/normal.ts';
import { CALIBRATION_BINS, tenthOf } from '../profile/score-counts.ts';

/** What outcomes say of the probabilities of one tenth. */
type Tenth = {
  n: number;
  /** Mean of outcome - probability. */
  gap: number;
  /** Of one outcome - probability: as found, and no less than honest probabilities would have. */
  variance: number;
};

export type Calibration = {
  n: number;
  /** Expected calibration error as counted: upwards of the truth, by chance alone. */
  error: number;
  /** The same less what chance gives it at these counts; at least 0. */
  errorBeyondChance: number;
  /** Of one row's signed part in the error: (outcome - probability) times the sign of its tenth's gap. */
  variance: number;
};

/**
 * How far probabilities are from what happened: the expected calibration error over ten bins of equal width, weighed
 * by their outcomes, of |mean probability - share of positives|.
 *
 * Definition: `error` is the plug-in figure, exact from `ScoreCounts`. It cannot be below 0 in any bin, so honest
 * probabilities have about 1 / sqrt(n) of it by chance. `errorBeyondChance` takes from each bin what noise adds to an
 * absolute value: the mean of |N(gap, standard error)| less |gap|, at the gap that was found. That is nothing of a
 * large gap and about two fifths of what honest probabilities show: too little rather than too much is taken.
 * @returns null without outcomes
 * Cost: bins. Source: Naeini, Cooper and Hauskrecht (2015); Kumar, Liang and Ma, Verified uncertainty calibration
 * (2019), section 4, which estimates that mean by drawing; Leone, Nelson and Nottingham (1961), the folded normal.
 */
export function calibrationOf(scores: ScoreCounts): Calibration | null {
  const tenths = tenthsOf(scores);
  const n = tenths.reduce((sum, tenth) => sum + tenth.n, 0);
  if (n === 0) return null;
  let error = 0;
  let beyond = 0;
  let squares = 0;
  for (const { n: rows, gap, variance } of tenths) {
    const distance = Math.abs(gap);
    error += (rows / n) * distance;
    beyond += (rows / n) * (distance - chanceOf(distance, Math.sqrt(variance / rows)));
    squares += (rows / n) * (variance + gap * gap);
  }
  const variance = Math.max(0, squares - error * error);
  return { n, error, errorBeyondChance: Math.max(0, beyond), variance };
}

/** Tenths that have outcomes. */
function tenthsOf({ positive, negative, told }: ScoreCounts): Tenth[] {
  const sums = Array.from({ length: CALIBRATION_BINS }, () => ({
    n: 0,
    happened: 0,
    squares: 0,
    honest: 0,
  }));
  for (let bin = 0; bin < SCORE_BINS; bin++) {
    const [yes, no] = [positive[bin], negative[bin]];
    if (yes + no === 0) continue;
    const middle = (bin + 0.5) / SCORE_BINS;
    const sum = sums[tenthOf(bin)];
    sum.n += yes + no;
    sum.happened += yes;
    sum.squares += yes * (1 - middle) ** 2 + no * middle ** 2;
    sum.honest += (yes + no) * middle * (1 - middle);
  }
  return sums.flatMap(({ n, happened, squares, honest }, tenth) => {
    if (n === 0) return [];
    const gap = (happened - told[tenth]) / n;
    return [{ n, gap, variance: Math.max(squares / n - gap * gap, honest / n) }];
  });
}

/** Mean of |N(distance, standardError)| - distance: what noise adds. */
function chanceOf(distance: number, standardError: number): number {
  const z = distance / standardError;
  const folded = Math.sqrt(2 / Math.PI) * standardError * Math.exp((-z * z) / 2);
  return folded - 2 * distance * normalSurvival(z);
}
