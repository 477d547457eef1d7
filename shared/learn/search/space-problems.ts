import type { SearchSpace } from './space.ts';

export type SpaceProblem =
  | { reason: 'no_parameters' }
  | { reason: 'no_choices' | 'repeated_choice'; parameter: string }
  | { reason: 'empty_interval' | 'not_finite'; parameter: string; low: number; high: number }
  | { reason: 'log_of_zero'; parameter: string; low: number }
  | { reason: 'bad_step'; parameter: string; step: number }
  | { reason: 'not_whole'; parameter: string; value: number }
  | { reason: 'unknown_parent' | 'own_ancestor'; parameter: string; parent: string };

/** Everything wrong with a space; none: a study can search it. */
export function spaceProblems(space: SearchSpace): SpaceProblem[] {
  const names = Object.keys(space);
  if (names.length === 0) return [{ reason: 'no_parameters' }];
  return names.flatMap((name) => [...valueProblems(name, space), ...parentProblems(name, space)]);
}

function valueProblems(parameter: string, space: SearchSpace): SpaceProblem[] {
  const distribution = space[parameter];
  if (distribution.type === 'categorical') {
    const { choices } = distribution;
    if (choices.length === 0) return [{ reason: 'no_choices', parameter }];
    if (new Set(choices).size < choices.length) return [{ reason: 'repeated_choice', parameter }];
    return [];
  }
  const { type, low, high, log = false, step } = distribution;
  if (!Number.isFinite(low) || !Number.isFinite(high))
    return [{ reason: 'not_finite', parameter, low, high }];
  if (low > high) return [{ reason: 'empty_interval', parameter, low, high }];
  if (log && low <= 0) return [{ reason: 'log_of_zero', parameter, low }];
  if (step !== undefined && !(step > 0 && Number.isFinite(step) && !(log && step !== 1)))
    return [{ reason: 'bad_step', parameter, step }];
  if (type === 'float') return [];
  return [low, high, step ?? 1]
    .filter((value) => !Number.isInteger(value))
    .map((value) => ({ reason: 'not_whole', parameter, value }));
}

function parentProblems(parameter: string, space: SearchSpace): SpaceProblem[] {
  const seen = new Set([parameter]);
  for (let at = space[parameter].when?.parameter; at !== undefined; ) {
    if (!(at in space)) return [{ reason: 'unknown_parent', parameter, parent: at }];
    if (seen.has(at)) return [{ reason: 'own_ancestor', parameter, parent: at }];
    seen.add(at);
    at = space[at].when?.parameter;
  }
  return [];
}
