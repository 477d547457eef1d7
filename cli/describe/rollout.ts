import type { RolloutView } from '../../shared/contracts/registry.ts';
import { percent } from './numbers.ts';

/** One line on where a rollout stands. */
export function describeRollout(rollout: RolloutView): string {
  const { model, challenger, status, reason } = rollout;
  const why = reason ? ` (${reason})` : '';
  switch (status) {
    case 'running':
      return `${model} ${challenger}: ${rollout.strategy}, step ${rollout.stepIndex + 1} of ${rollout.steps.length}, ${describeStep(rollout)}${why}`;
    case 'promoted':
      return `${model} ${challenger} is the champion: all users get it${why}`;
    case 'rolled_back':
      return `${model} ${challenger} is rolled back; ${rollout.champion ? `all users get ${rollout.champion}` : 'nobody gets a model'}${why}`;
    case 'cancelled':
      return `The rollout of ${model} ${challenger} was cancelled${why}`;
  }
}

function describeStep({ plan, stepIndex }: RolloutView): string {
  const { mode, share } = plan.steps[stepIndex];
  return mode === 'shadow'
    ? `answers for nobody beside the champion on ${percent(share)}`
    : `given to ${percent(share)}`;
}
