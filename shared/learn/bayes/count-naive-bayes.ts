import { log } from '../../core/portable-math.ts';
import type { LearningData } from '../algorithm.ts';
import { asScores } from '../discriminant/linear-discriminant.ts';
import type { LinearSolution } from '../linear/least-squares.ts';
import { classSums, logPrior } from './class-sums.ts';

export type CountOptions = {
  /** Added to each column's count. */
  alpha: number;
  fitPrior: boolean;
  /**
   * `min-max`: each column runs from 0 to 1 over the training rows, so that units do not matter.
   * `none`: columns are counts as they are; one with negative values is moved to start at 0.
   */
  columnScale: string;
};

type Ranges = { low: Float64Array; scale: Float64Array };

/**
 * Multinomial naive Bayes: columns are counts, and each class has a share for each of them.
 * scikit-learn 1.2.1's MultinomialNB of the scaled columns; the scaling is folded into the scores.
 * Beyond the training range a column counts less than 0 or more than 1.
 */
export function solveMultinomial(data: LearningData, options: CountOptions): LinearSolution {
  const { classes, matrix } = data;
  const width = matrix.names.length;
  const ranges = rangesOf(data, options.columnScale);
  const { weight, sums } = scaledSums(data, ranges);
  const coefficients = Array.from({ length: classes }, (_, k) =>
    logShares(sums.slice(k * width, (k + 1) * width), options.alpha),
  );
  return folded({ coefficients, intercepts: logPrior(weight, options.fitPrior) }, ranges);
}

/**
 * Complement naive Bayes: a row belongs where the other classes' shares fit it least (Rennie et al.
 * 2003), which suits classes of unequal size. scikit-learn 1.2.1's ComplementNB; as there the priors
 * are not used, and probabilities are the softmax of the scores.
 * @param options `norm`: weights are divided by their sum
 */
export function solveComplement(
  data: LearningData,
  options: CountOptions & { norm: boolean },
): LinearSolution {
  const { classes, matrix } = data;
  const width = matrix.names.length;
  const ranges = rangesOf(data, options.columnScale);
  const { sums } = scaledSums(data, ranges);
  const all = new Float64Array(width);
  for (let i = 0; i < sums.length; i++) all[i % width] += sums[i];
  const coefficients = Array.from({ length: classes }, (_, k) => {
    const logged = logShares(
      all.map((sum, j) => sum - sums[k * width + j]),
      options.alpha,
    );
    const total = logged.reduce((sum, value) => sum + value, 0);
    return logged.map((value) => (options.norm ? value / total : -value));
  });
  return folded({ coefficients, intercepts: new Float64Array(classes) }, ranges);
}

/** log((count + alpha) / sum of all). */
function logShares(counts: Float64Array, alpha: number): Float64Array {
  const total = counts.reduce((sum, count) => sum + count + alpha, 0);
  return counts.map((count) => log((count + alpha) / total));
}

const scaledSums = (data: LearningData, { low, scale }: Ranges) =>
  classSums(data, (value, j) => (value - low[j]) * scale[j]);

/** Coefficients of a column with a narrower range overflow float32: it is taken for constant. */
const LEAST_RANGE = 1e-36;

function rangesOf({ matrix }: LearningData, columnScale: string): Ranges {
  const width = matrix.names.length;
  const low = new Float64Array(width).fill(Infinity);
  const high = new Float64Array(width).fill(-Infinity);
  for (let i = 0; i < matrix.data.length; i++) {
    const j = i % width;
    if (matrix.data[i] < low[j]) low[j] = matrix.data[i];
    if (matrix.data[i] > high[j]) high[j] = matrix.data[i];
  }
  if (columnScale === 'none')
    return { low: low.map((value) => Math.min(value, 0)), scale: new Float64Array(width).fill(1) };
  return {
    low,
    scale: high.map((value, j) => (value - low[j] > LEAST_RANGE ? 1 / (value - low[j]) : 1)),
  };
}

/** The same scores from columns as they come. */
function folded(
  { coefficients, intercepts }: LinearSolution,
  { low, scale }: Ranges,
): LinearSolution {
  return asScores({
    coefficients: coefficients.map((values) => values.map((value, j) => value * scale[j])),
    intercepts: intercepts.map((intercept, k) =>
      coefficients[k].reduce((sum, value, j) => sum - value * scale[j] * low[j], intercept),
    ),
  });
}
