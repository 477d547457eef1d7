import type { Rng } from '../../core/rng.ts';
import type { Matrix } from '../../prepare/matrix.ts';
import type { PreparationData } from '../../prepare/preparation-data.ts';
import { keptOf } from '../../prepare/selection.ts';
import type { ModelSelectionRule } from '../../prepare/selection-rule.ts';
import { type SelectStep, selectColumns } from '../../prepare/steps/select.ts';
import type { LearningData } from '../algorithm.ts';
import { BOOSTING_ALGORITHMS } from '../boosting/algorithms.ts';
import type { TreesEstimator } from '../trees/trees-estimator.ts';
import { permutedImportances, shapImportances } from './importances.ts';
import {
  boruta,
  eliminateColumns,
  type ModelSelection,
  selectByImportance,
} from './select-columns.ts';

/** Enough rounds for the binomial tail to tell a column that always beats its shadows, among thousands. */
const BORUTA = { rounds: 20, alpha: 0.05 };
/** Who splits on what is clear long before the last round. */
const JUDGE_ROUNDS = 40;
/** Of the columns left, each time. */
const DROP_SHARE = 0.1;

/**
 * Columns by what histogram gradient boosting (40 rounds) makes of them: `shap` by mean magnitude of
 * TreeSHAP values, `permutation` by what shuffling costs, `rfe` by leaving out the least of `shap` again and
 * again, `boruta` what beats its shadows, or may. Never none. Cost: one fit; rfe about 20, boruta 20 of
 * twice the columns.
 * @param matrix without a target there is nothing to choose by: a caller's bug
 */
export function selectByModel(
  rule: ModelSelectionRule,
  matrix: Matrix,
  { target, classes, rng }: Pick<PreparationData, 'target' | 'classes' | 'rng'>,
): SelectStep {
  const task = classes === 0 ? 'regression' : classes === 2 ? 'binary' : 'multiclass';
  const data: LearningData = { task, matrix, target, classes, weights: null };
  const width = matrix.names.length;
  const byShap = judge(data, rng, (estimator, rows) =>
    shapImportances(estimator as TreesEstimator, rows.matrix),
  );
  switch (rule.by) {
    case 'shap':
      return selectByImportance(data, keptOf(rule.keep, width), byShap);
    case 'permutation': {
      const importancesOf: ModelSelection['importancesOf'] = (estimator, rows) =>
        permutedImportances(estimator, rows, rng);
      return selectByImportance(data, keptOf(rule.keep, width), judge(data, rng, importancesOf));
    }
    case 'rfe':
      return eliminateColumns(
        data,
        { keep: keptOf(rule.keep, width), dropShare: DROP_SHARE },
        byShap,
      );
    case 'boruta': {
      const { confirmed, tentative } = boruta(data, BORUTA, byShap);
      const kept = [...confirmed, ...tentative].sort((a, b) => a - b);
      return kept.length > 0 ? selectColumns(kept) : selectByImportance(data, 1, byShap);
    }
  }
}

function judge(
  { task }: LearningData,
  rng: Rng,
  importancesOf: ModelSelection['importancesOf'],
): ModelSelection {
  const algorithm = BOOSTING_ALGORITHMS.find(
    ({ name, tasks }) => name === 'hist-gradient-boosting' && tasks.includes(task),
  );
  if (algorithm === undefined) throw new Error(`Broken invariant: no boosting of a ${task}`);
  const defaults = { ...algorithm.defaults, maxIter: JUDGE_ROUNDS };
  return { algorithm: { ...algorithm, defaults }, importancesOf, rng };
}
