import type { Result } from '../../core/result.ts';
import { createRng } from '../../core/rng.ts';
import type { SplitError } from '../../table/split/split.ts';
import type { Algorithm } from '../algorithm.ts';
import type { PipelineData } from '../pipeline-data.ts';
import type { Parameters } from '../search/space.ts';
import { outputsOf } from '../task.ts';
import { combineMembers, type Member, outOfFoldPredictions } from './fit-members.ts';
import { type FittedEnsemble, stackMatrix } from './fitted-ensemble.ts';

export type StackingOptions = {
  /** Learns from the members' predictions; it must bear numbers as they are. */
  final: { algorithm: Algorithm; parameters?: Parameters };
  folds: number;
  seed: number;
};

/**
 * An estimator over the members' predictions, fitted on out-of-fold ones so that no member is trusted
 * for rows it has seen (Wolpert 1992); the members are then fitted on all rows. scikit-learn 1.2's
 * StackingClassifier and StackingRegressor. A stack may be a member of another: several levels.
 */
export function fitStacking(
  data: PipelineData,
  members: readonly Member[],
  { final, folds, seed }: StackingOptions,
): Result<FittedEnsemble, SplitError> {
  const predictions = outOfFoldPredictions(data, members, { folds, seed });
  if (!predictions.ok) return predictions;
  const { task, classes, table, weights } = data;
  const outputs = outputsOf(task, classes.length);
  const matrix = stackMatrix(predictions.value, { task, outputs });
  const parameters = { ...final.algorithm.defaults, ...final.parameters };
  const learning = { task, matrix, target: table.target, classes: classes.length, weights };
  const estimator = final.algorithm.fit(learning, parameters, { rng: createRng(seed) });
  return combineMembers(data, { members, seed }, { type: 'stack', final: estimator });
}
