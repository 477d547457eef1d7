/** Scores of rows and which of them are positive (1) or not (0), in the same order. */
export type ScoredRows = { scores: ArrayLike<number>; positive: ArrayLike<number> };

/** Counts at or above one score; rows with the same score enter together. */
type Step = { truePositives: number; falsePositives: number };

/**
 * Area under the ROC curve: the chance that a positive row scores above another, ties counted half
 * (Hanley and McNeil 1982). NaN where one class has no rows. Cost: sorting.
 * Reference: scikit-learn 1.2 roc_auc_score.
 */
export function rocAuc(rows: ScoredRows): number {
  const steps = stepsOf(rows);
  const { truePositives: positives, falsePositives: negatives } = lastOf(steps);
  let area = 0;
  let before: Step = { truePositives: 0, falsePositives: 0 };
  for (const step of steps) {
    const width = step.falsePositives - before.falsePositives;
    area += (width * (step.truePositives + before.truePositives)) / 2;
    before = step;
  }
  return area / (positives * negatives);
}

/**
 * Average precision: precision at each score, weighted by the recall it adds, without interpolation.
 * NaN where no row is positive. Cost: sorting.
 * Reference: scikit-learn 1.2 average_precision_score.
 */
export function prAuc(rows: ScoredRows): number {
  const steps = stepsOf(rows);
  const positives = lastOf(steps).truePositives;
  let area = 0;
  let before = 0;
  for (const { truePositives, falsePositives } of steps) {
    const precision = truePositives / (truePositives + falsePositives);
    area += (truePositives - before) * precision;
    before = truePositives;
  }
  return positives === 0 ? Number.NaN : area / positives;
}

const lastOf = (steps: readonly Step[]): Step =>
  steps[steps.length - 1] ?? { truePositives: 0, falsePositives: 0 };

/** One step per distinct score, the highest first. */
function stepsOf({ scores, positive }: ScoredRows): Step[] {
  const order = Array.from(scores, (_, row) => row).sort((a, b) => scores[b] - scores[a]);
  const steps: Step[] = [];
  let truePositives = 0;
  let falsePositives = 0;
  order.forEach((row, i) => {
    if (positive[row] === 1) truePositives++;
    else falsePositives++;
    const isLastOfScore = i + 1 === order.length || scores[order[i + 1]] !== scores[row];
    if (isLastOfScore) steps.push({ truePositives, falsePositives });
  });
  return steps;
}
