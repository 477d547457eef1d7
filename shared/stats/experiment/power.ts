import { normalQuantile, normalSurvival } from '../distributions/normal.ts';
import type { Alternative } from '../tests/test-result.ts';

export type PowerQuestion = {
  /** Variance of one unit's value (p (1 - p) for a proportion). */
  variance: number;
  /** Absolute difference of means that must be found. */
  effect: number;
  alpha: number;
  alternative: Alternative;
  /** Units in the treatment per unit in the control. */
  ratio?: number;
};

/**
 * Units needed in the control (the treatment needs `ratio` times that) to find an effect with chance `power`.
 * Normal approximation. Infinity for an effect of 0.
 */
export function unitsNeeded(question: PowerQuestion & { power: number }): number {
  const { variance, effect, power, ratio = 1 } = question;
  const reach = criticalOf(question) + normalQuantile(power);
  return Math.ceil((variance * (1 + 1 / ratio) * reach ** 2) / effect ** 2);
}

/** Chance to find the effect with `units` in the control. The far tail of a two-sided test is left out. */
export function powerOf(question: PowerQuestion & { units: number }): number {
  const { variance, effect, units, ratio = 1 } = question;
  if (units <= 0) return 0;
  const standardError = Math.sqrt((variance * (1 + 1 / ratio)) / units);
  return normalSurvival(criticalOf(question) - Math.abs(effect) / standardError);
}

/** The smallest effect found with chance `power` by `units` in the control. Infinity without units. */
export function detectableEffect(
  question: Omit<PowerQuestion, 'effect'> & { units: number; power: number },
): number {
  const { variance, units, power, ratio = 1 } = question;
  const reach = criticalOf(question) + normalQuantile(power);
  return reach * Math.sqrt((variance * (1 + 1 / ratio)) / units);
}

/** Days until `units` are reached in the smaller arm at a daily number of users over both arms. */
export function daysNeeded(units: number, usersPerDay: number, ratio = 1): number {
  return usersPerDay <= 0 ? Infinity : Math.ceil((units * (1 + ratio)) / usersPerDay);
}

const criticalOf = ({ alpha, alternative }: Pick<PowerQuestion, 'alpha' | 'alternative'>): number =>
  normalQuantile(alternative === 'two-sided' ? alpha / 2 : alpha, 'upper');
