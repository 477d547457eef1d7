import type { Rng } from '../core/rng.ts';
import { takeMatrixRows } from '../prepare/matrix.ts';
import { isRowRule, type Recipe } from '../prepare/preparation.ts';
import { RESAMPLE_DEFAULTS, resample } from '../prepare/resample.ts';
import { fitFences, flagOutliers } from '../prepare/steps/clip.ts';
import type { LearningData } from './algorithm.ts';
import { fitRowDetector } from './outliers/row-detector.ts';
import { isClassification } from './task.ts';

/**
 * The prepared rows that an algorithm is to learn from: without outliers where the recipe drops them
 * (unless that would leave fewer than half, or a class without rows), then classes in equal numbers
 * where it resamples. Resampled rows have no weights.
 */
export function trainingRows(
  data: LearningData,
  { recipe, rng }: { recipe: Recipe; rng: Rng },
): LearningData {
  const { dropOutliers } = recipe;
  const kept = dropOutliers ? withoutOutliers(data, findOutliers(data, dropOutliers, rng)) : data;
  if (!recipe.resample || !isClassification(data.task)) return kept;
  const { matrix, target } = kept;
  const options = { ...RESAMPLE_DEFAULTS, method: recipe.resample, rng };
  return { ...kept, ...resample({ matrix, target }, options), weights: null };
}

const findOutliers = (
  { matrix }: LearningData,
  rule: NonNullable<Recipe['dropOutliers']>,
  rng: Rng,
): Uint8Array =>
  isRowRule(rule)
    ? fitRowDetector(rule, matrix, rng).isOutlier
    : flagOutliers(fitFences(matrix, rule), matrix);

function withoutOutliers(data: LearningData, isOutlier: Uint8Array): LearningData {
  const { matrix, target, weights } = data;
  const rows = Array.from(isOutlier.keys()).filter((row) => isOutlier[row] === 0);
  const classesLeft = new Set(rows.map((row) => target[row])).size;
  const losesClass = isClassification(data.task) && classesLeft < new Set(target).size;
  if (rows.length < matrix.rows / 2 || losesClass) return data;
  return {
    ...data,
    matrix: takeMatrixRows(matrix, rows),
    target: target.length === 0 ? target : Float64Array.from(rows, (row) => target[row]),
    weights: weights && Float64Array.from(rows, (row) => weights[row]),
  };
}
