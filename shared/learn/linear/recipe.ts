import type { Recipe } from '../../prepare/preparation.ts';

/** What every estimator that weighs columns against each other is prepared by. */
export const LINEAR_RECIPE: Recipe = { impute: 'median', indicators: true, scale: 'standard' };
