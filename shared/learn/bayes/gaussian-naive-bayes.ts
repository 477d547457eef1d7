import { log } from '../../core/portable-math.ts';
import type { LearningData } from '../algorithm.ts';
import { classMoments, logPriors, meansOf } from '../discriminant/class-moments.ts';
import type { QuadraticEstimator } from '../discriminant/quadratic-estimator.ts';
import { matrixMoments } from '../linear/matrix-moments.ts';

/** The root of less has no inverse in float32. */
const LEAST_VARIANCE = 1e-74;

/**
 * Gaussian naive Bayes: columns are independent and normal within a class. scikit-learn 1.2.1's
 * GaussianNB: variances are divided by the rows of the class, and `varSmoothing` of the largest
 * variance over all rows is added to each.
 * Cost: rows x columns.
 */
export function fitGaussian(
  data: LearningData,
  { varSmoothing, fitPrior }: { varSmoothing: number; fitPrior: boolean },
): QuadraticEstimator {
  const { classes, matrix } = data;
  const width = matrix.names.length;
  const all = matrixMoments(matrix, [], data.weights);
  const own = classMoments(data);
  const variances = Array.from({ length: width }, (_, j) => all.gram[j * (width + 1)] / all.weight);
  // Where every column is constant any width does: they tell the classes nothing.
  const extra = Math.max(LEAST_VARIANCE, varSmoothing * Math.max(0, ...variances) || 1);
  const priors = fitPrior
    ? logPriors(own.map(({ weight }) => weight))
    : new Float64Array(classes).fill(-log(classes));
  const means = new Float32Array(classes * width);
  const whitening = new Float32Array(classes * width);
  const constants = own.map((moments, k) => {
    const { gram, weight } = moments.weight > 0 ? moments : all;
    let constant = priors[k];
    for (let j = 0; j < width; j++) {
      const variance = gram[j * (width + 1)] / weight + extra;
      whitening[k * width + j] = 1 / Math.sqrt(variance);
      constant -= 0.5 * log(variance);
    }
    means.set(meansOf(moments, all), k * width);
    return constant;
  });
  return {
    ...{ type: 'quadratic', classes, means, whitening, isDiagonal: true },
    constants: Float32Array.from(constants),
  };
}
