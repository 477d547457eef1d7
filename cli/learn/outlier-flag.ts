import type { Recipe } from '../../shared/prepare/preparation.ts';

const RECIPES = {
  'winsorise-iqr': { winsorise: 'iqr' },
  'winsorise-mad': { winsorise: 'mad' },
  'flag-iqr': { flagOutliers: 'iqr' },
  'flag-mad': { flagOutliers: 'mad' },
  'flag-isolation-forest': { flagOutliers: 'isolation-forest' },
  'flag-local-outlier-factor': { flagOutliers: 'local-outlier-factor' },
  'drop-iqr': { dropOutliers: 'iqr' },
  'drop-mad': { dropOutliers: 'mad' },
  'drop-isolation-forest': { dropOutliers: 'isolation-forest' },
  'drop-local-outlier-factor': { dropOutliers: 'local-outlier-factor' },
} as const satisfies Record<string, Recipe>;

/** What is done with outliers, and what counts as one. */
export type OutlierTreatment = keyof typeof RECIPES;

export const outlierFlag = {
  kind: 'enum',
  values: Object.keys(RECIPES) as OutlierTreatment[],
  brief: 'With --algorithm: outliers clipped, left out of training, or flagged by a column',
  optional: true,
} as const;

export const outlierRecipe = (treatment: OutlierTreatment | undefined): Recipe =>
  treatment === undefined ? {} : RECIPES[treatment];
