import { fail, ok, type Result } from '../../core/result.ts';
import { goodnessOfFit } from '../tests/counts.ts';

export type SampleRatioError =
  | { reason: 'lengths_differ'; users: number; weights: number }
  | { reason: 'bad_weight'; weight: number }
  | { reason: 'bad_count'; count: number }
  | { reason: 'too_few_arms'; arms: number };

/**
 * Did the arms get the shares of users they were meant to? Chi-square goodness of fit; a tiny p (below 0.001)
 * says that assignment or logging is broken and no result of the experiment can be trusted.
 * @param users whole counts per arm, up to 2^53 - 1
 * @param weights intended shares; they need not sum to one; arms of weight 0 are left out
 * Reference implementation: GrowthBook gbstats check_srm.
 */
export function sampleRatioMismatch(
  users: readonly number[],
  weights: readonly number[],
): Result<{ pValue: number; statistic: number }, SampleRatioError> {
  if (users.length !== weights.length)
    return fail({ reason: 'lengths_differ', users: users.length, weights: weights.length });
  const badWeight = weights.find((weight) => !(weight >= 0 && Number.isFinite(weight)));
  if (badWeight !== undefined) return fail({ reason: 'bad_weight', weight: badWeight });
  const badCount = users.find((count) => !(Number.isSafeInteger(count) && count >= 0));
  if (badCount !== undefined) return fail({ reason: 'bad_count', count: badCount });
  const arms = weights.flatMap((weight, i) => (weight > 0 ? [{ weight, users: users[i] }] : []));
  const total = arms.reduce((sum, arm) => sum + arm.users, 0);
  const largest = Math.max(...arms.map((arm) => arm.weight));
  const weight = arms.reduce((sum, arm) => sum + arm.weight / largest, 0);
  if (total === 0) return ok({ pValue: 1, statistic: 0 });
  const fit = goodnessOfFit(
    arms.map((arm) => arm.users),
    arms.map((arm) => total * (arm.weight / largest / weight)),
  );
  return fit ? ok(fit) : fail({ reason: 'too_few_arms', arms: arms.length });
}
