import { normalQuantile } from '../distributions/normal.ts';
import type { ExperimentQuestion } from './analyse.ts';
import { chanceAbove, posteriorOf } from './bayesian.ts';
import type { Effect } from './effect.ts';
import { type EffectTest, sequentialTest, welchTest } from './frequentist.ts';

/** Is the treatment not worse than the control by more than a margin? Asked one-sided. */
export type MarginTest = {
  /** The worst effect that is not ruled out, on the effect's scale: one-sided at the level asked. */
  bound: number;
  /** Of being worse by the margin or more; null for a Bayesian test, which has a chance instead. */
  pValue: number | null;
  /** Posterior chance of not being worse by more than the margin. */
  chance: number | null;
  /** Is it shown to be worse by more than the margin? */
  isWorse: boolean;
};

type Asked = Pick<
  ExperimentQuestion,
  'test' | 'alpha' | 'tuning' | 'prior' | 'effect' | 'isInverse'
> & {
  /** How much worse is borne, 0 or more, on the effect's scale. */
  margin: number;
  /** Chance to be wrong, where another than alpha, as among several metrics. */
  level: number;
  controlMean: number;
};

/**
 * Non-inferiority: the effect's own test, held against a loss of `margin` instead of none. Worse is below 0, above 0
 * where less is better. The standard error is that of the effect seen, so that p and bound say the same.
 * Source: Blackwelder, Proving the null hypothesis in clinical trials (1982); the sequential one by the one-sided
 * normal mixture, valid at every look; the Bayesian one by the posterior.
 */
export function testMargin({ estimate, ...effect }: Effect, asked: Asked): MarginTest {
  const sign = asked.isInverse ? -1 : 1;
  const { margin, level } = asked;
  if (asked.test === 'bayesian') {
    const posterior = posteriorOf({ estimate, ...effect }, { ...asked, scale: asked.effect });
    const towards = { ...posterior, mean: sign * posterior.mean };
    const chance = chanceAbove(-margin, towards);
    const bound = sign * (towards.mean - normalQuantile(level, 'upper') * posterior.deviation);
    return { bound, pValue: null, chance, isWorse: chance <= level };
  }
  const { alpha, tuning } = asked;
  const above = (gain: number): EffectTest => {
    const options = { alternative: 'greater' as const, alpha, level, tuning };
    const shifted = { ...effect, estimate: gain };
    return asked.test === 'welch' ? welchTest(shifted, options) : sequentialTest(shifted, options);
  };
  const gain = sign * estimate + margin;
  const { pValue, interval } = above(gain);
  const bound = sign * (interval[0] - margin);
  return { bound, pValue, chance: null, isWorse: above(-gain).pValue <= level };
}
