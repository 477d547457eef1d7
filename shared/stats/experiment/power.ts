import { normalQuantile } from '../distributions/normal.ts';
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
  if (effect === 0) return Infinity;
  const reach = criticalOf(question) + normalQuantile(power);
  return Math.ceil(variance * (1 + 1 / ratio) * (reach / effect) ** 2);
}

const criticalOf = ({ alpha, alternative }: Pick<PowerQuestion, 'alpha' | 'alternative'>): number =>
  normalQuantile(alternative === 'two-sided' ? alpha / 2 : alpha, 'upper');
