import type { Result } from '../../core/result.ts';
import type { SplitError } from '../../table/split/split.ts';
import type { PipelineData } from '../pipeline-data.ts';
import { combineMembers, type Member, normalised } from './fit-members.ts';
import type { FittedEnsemble } from './fitted-ensemble.ts';

export type VotingOptions = {
  /** `soft` averages predictions; `hard` counts first choices and needs classes. */
  voting: 'soft' | 'hard';
  /** By member, not negative; null: all alike. */
  weights: readonly number[] | null;
  seed: number;
};

/** Different models, one answer. scikit-learn 1.2's VotingClassifier and VotingRegressor. */
export function fitVoting(
  data: PipelineData,
  members: readonly Member[],
  { voting, weights, seed }: VotingOptions,
): Result<FittedEnsemble, SplitError> {
  const type = voting === 'hard' ? 'vote' : 'average';
  const shares = normalised(weights ?? members.map(() => 1));
  return combineMembers(data, { members, seed }, { type, weights: shares });
}
