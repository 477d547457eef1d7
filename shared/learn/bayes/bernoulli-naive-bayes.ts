import { log } from '../../core/portable-math.ts';
import type { LearningData } from '../algorithm.ts';
import type { TreesEstimator } from '../trees/trees-estimator.ts';
import { classSums, logPrior } from './class-sums.ts';
import { createTreeWriter } from './tree-writer.ts';

/**
 * Bernoulli naive Bayes: each column is above `binarize` or not, with a chance per class,
 * (count + alpha) / (rows + 2 alpha). scikit-learn 1.2.1's BernoulliNB. A column that is compared with
 * a threshold is a tree of one split, so the classifier is a sum of them, exported as trees.
 */
export function fitBernoulli(
  data: LearningData,
  { alpha, binarize, fitPrior }: { alpha: number; binarize: number; fitPrior: boolean },
): TreesEstimator {
  const { classes, matrix } = data;
  const width = matrix.names.length;
  // The comparison is made in float32, as the trees make it.
  const threshold = Math.fround(binarize);
  const { weight, sums } = classSums(data, (value) => (value > threshold ? 1 : 0));
  const writer = createTreeWriter(classes);
  for (let j = 0; j < width; j++) {
    const above = Array.from(weight, (_, k) => sums[k * width + j]);
    const below = Array.from(weight, (all, k) => all - above[k]);
    const logChances = (counts: number[]) =>
      counts.map((count, k) => log((count + alpha) / (weight[k] + 2 * alpha)));
    writer.startTree();
    const root = writer.split(j, threshold);
    const left = writer.leaf(logChances(below), total(below));
    writer.connect(root, left, writer.leaf(logChances(above), total(above)));
  }
  return writer.finish(logPrior(weight, fitPrior));
}

export const total = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0);
