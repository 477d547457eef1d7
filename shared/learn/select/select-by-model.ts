import { type Rng, shuffle } from '../../core/rng.ts';
import { type Matrix, takeMatrixRows } from '../../prepare/matrix.ts';
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
 * TreeSHAP values, `permutation` by what shuffling costs on a third of the rows, held out, `rfe` by
 * leaving out the least of `shap` again and again, `boruta` what is sure to beat its shadows on those
 * rows held out. Never none. Cost: one fit; rfe about 20, boruta 20 of twice the columns.
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
  const byShuffle = heldOutJudge(data, rng);
  switch (rule.by) {
    case 'shap':
      return selectByImportance(data, keptOf(rule.keep, width), byShap);
    case 'permutation':
      return selectByImportance(data, keptOf(rule.keep, width), byShuffle);
    case 'rfe':
      return eliminateColumns(
        data,
        { keep: keptOf(rule.keep, width), dropShare: DROP_SHARE },
        byShap,
      );
    case 'boruta': {
      const { confirmed } = boruta(data, BORUTA, byShuffle);
      return confirmed.length > 0 ? selectColumns(confirmed) : selectByImportance(data, 1, byShap);
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

/** Every third row, of shuffled ones, tells what a column was worth to a model of the others. */
const HELD_OUT = 3;

/** Importances on rows that the model has not seen: what it learnt of noise is worth nothing there. */
function heldOutJudge(data: LearningData, rng: Rng): ModelSelection {
  const order = shuffle(
    Array.from({ length: data.matrix.rows }, (_, row) => row),
    rng,
  );
  const isHeldOut = new Uint8Array(order.length);
  for (let i = 0; i < order.length; i += HELD_OUT) isHeldOut[order[i]] = 1;
  const rowsOf = (side: number) => order.filter((row) => isHeldOut[row] === side);
  const [learnt, heldOut] = [rowsOf(0), rowsOf(1)];
  const { algorithm } = judge(data, rng, () => new Float64Array(0));
  return {
    algorithm: {
      ...algorithm,
      fit: (rows, parameters, options) =>
        algorithm.fit(takeLearning(rows, learnt), parameters, options),
    },
    importancesOf: (estimator, rows) =>
      permutedImportances(estimator, takeLearning(rows, heldOut), rng),
    rng,
  };
}

const takeLearning = (data: LearningData, rows: readonly number[]): LearningData => ({
  ...data,
  matrix: takeMatrixRows(data.matrix, rows),
  target: Float64Array.from(rows, (row) => data.target[row]),
});
