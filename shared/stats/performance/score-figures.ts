import type { ScoreCounts } from '../../contracts/profile.ts';
import { SCORE_BINS } from '../../contracts/profile.ts';

/** Outcomes by what was decided at a threshold. */
export type Confusion = { tp: number; fp: number; fn: number; tn: number };

/**
 * Outcomes by decision; probabilities from `threshold` on are decided to be positive.
 * @param threshold whole hundredths: with those the counts are exact
 */
export function confusionAt({ positive, negative }: ScoreCounts, threshold: number): Confusion {
  const from = Math.round(SCORE_BINS * threshold);
  const counts = { tp: 0, fp: 0, fn: 0, tn: 0 };
  for (let bin = 0; bin < SCORE_BINS; bin++) {
    if (bin < from) {
      counts.fn += positive[bin];
      counts.tn += negative[bin];
    } else {
      counts.tp += positive[bin];
      counts.fp += negative[bin];
    }
  }
  return counts;
}

/** Figures of decisions at a threshold; null where the base is empty. */
export function decisionFigures({ tp, fp, fn, tn }: Confusion): {
  accuracy: number | null;
  precision: number | null;
  recall: number | null;
} {
  return {
    accuracy: share(tp + tn, tp + fp + fn + tn),
    precision: share(tp, tp + fp),
    recall: share(tp, tp + fn),
  };
}

/**
 * Area under the ROC curve: the chance that a positive row was given more than a negative one; rows of one bin
 * count half, so it is within half the share of pairs in one bin of the rows' own.
 * @returns null without positives or without negatives
 * Cost: bins. Source: Hanley and McNeil (1982). Reference: scikit-learn 1.2 roc_auc_score on probabilities cut to bins.
 */
export function rocAucOf({ positive, negative }: ScoreCounts): number | null {
  let positives = 0;
  let negatives = 0;
  let doubled = 0;
  for (let bin = 0; bin < SCORE_BINS; bin++) {
    doubled += positive[bin] * (2 * negatives + negative[bin]);
    positives += positive[bin];
    negatives += negative[bin];
  }
  return share(doubled, 2 * positives * negatives);
}

/**
 * Average precision: precision from each bin on, weighed by the recall the bin adds, without interpolation.
 * @returns null without positives
 * Cost: bins. Reference: scikit-learn 1.2 average_precision_score on probabilities cut to bins.
 */
export function prAucOf({ positive, negative }: ScoreCounts): number | null {
  let tp = 0;
  let found = 0;
  let area = 0;
  for (let bin = SCORE_BINS - 1; bin >= 0; bin--) {
    if (positive[bin] + negative[bin] === 0) continue;
    tp += positive[bin];
    found += positive[bin] + negative[bin];
    area += (positive[bin] * tp) / found;
  }
  return share(area, tp);
}

/** Mean of -ln of the probability that was given to what happened; null without outcomes. */
export const logLossOf = ({ logLoss }: ScoreCounts): number | null => share(logLoss.sum, logLoss.n);

/** Share of outcomes that were positive; null without outcomes. */
export function positiveShareOf({ positive, negative }: ScoreCounts): number | null {
  const positives = sumOf(positive);
  return share(positives, positives + sumOf(negative));
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
