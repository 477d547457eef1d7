import type { PipelineChoice } from '../pipeline.ts';
import type { PipelineData } from '../pipeline-data.ts';
import { ensembleOf, fitMembers, normalised } from './fit-members.ts';
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
  choices: readonly PipelineChoice[],
  { voting, weights, seed }: VotingOptions,
): FittedEnsemble {
  const type = voting === 'hard' ? 'vote' : 'average';
  const shares = normalised(weights ?? choices.map(() => 1));
  return ensembleOf(data, fitMembers(data, choices, seed), { type, weights: shares });
}
