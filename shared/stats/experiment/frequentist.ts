import { tCdf, tQuantile, tSurvival, tTwoSided } from '../distributions/student-t.ts';
import {
  mixtureHalfWidth,
  mixturePValue,
  mixtureScale,
  oneSidedMixtureHalfWidth,
} from '../sequential/normal-mixture.ts';
import type { Alternative } from '../tests/test-result.ts';
import type { Effect } from './effect.ts';

/** Interval bounds may be infinite: a one-sided interval has one end. */
export type EffectTest = { effect: number; interval: [number, number]; pValue: number };

/** Welch's test of no effect and the interval that goes with it. 'greater': the treatment is better. */
export function welchTest(
  effect: Effect,
  options: { alternative: Alternative; alpha: number; level?: number },
): EffectTest {
  const { estimate, standardError, df } = effect;
  const t = estimate / standardError;
  const isTwoSided = options.alternative === 'two-sided';
  const level = options.level ?? options.alpha;
  const quantile = tQuantile(isTwoSided ? level / 2 : level, df, 'upper');
  const interval = intervalOf(estimate, quantile * standardError, options.alternative);
  const oneSided = options.alternative === 'greater' ? tSurvival(t, df) : tCdf(t, df);
  return { effect: estimate, interval, pValue: isTwoSided ? tTwoSided(t, df) : oneSided };
}

export type SequentialOptions = {
  alternative: Alternative;
  alpha: number;
  /** Total units at which the sequence is tightest. */
  tuning: number;
  /** Chance to miss that the interval is for, where it is another than alpha; p keeps to it too. */
  level?: number;
  /** GrowthBook's one-sided p: a search over (1e-5, 0.4999) that ends within 1e-6 of the effect. */
  compatibility?: 'growthbook';
};

/** The same questions, asked as often as one likes: interval and p hold at all n at once. */
export function sequentialTest(effect: Effect, options: SequentialOptions): EffectTest {
  const { alternative } = options;
  const { estimate } = effect;
  if (alternative === 'two-sided') {
    const halfWidth = mixtureHalfWidth(effect, options);
    const interval = intervalOf(estimate, halfWidth, alternative);
    return { effect: estimate, interval, pValue: mixturePValue(effect, options) };
  }
  const halfWidth = oneSidedMixtureHalfWidth(effect, options);
  const towards = alternative === 'greater' ? effect : { ...effect, estimate: -estimate };
  const pValue =
    options.compatibility === 'growthbook'
      ? searchedPValue(towards, options)
      : oneSidedPValue(towards, options);
  return { effect: estimate, interval: intervalOf(estimate, halfWidth, alternative), pValue };
}

/** The level at which the one-sided sequence, its scale kept, just excludes no effect. */
function oneSidedPValue(effect: Effect, { alpha, tuning }: SequentialOptions): number {
  const { estimate, standardError, n } = effect;
  if (estimate <= 0) return 1;
  const growth = n * mixtureScale(2 * alpha, tuning) ** 2;
  const exponent = ((estimate / standardError) ** 2 * growth) / (2 * (growth + 1));
  return Math.min(1, Math.sqrt(growth + 1) / (2 * Math.expm1(exponent)));
}

function searchedPValue(effect: Effect, options: SequentialOptions): number {
  const growth = effect.n * mixtureScale(2 * options.alpha, options.tuning) ** 2;
  const spread = effect.standardError * Math.sqrt((2 * (growth + 1)) / growth);
  const bound = (level: number): number =>
    effect.estimate - spread * Math.sqrt(Math.log1p(Math.sqrt(growth + 1) / (2 * level)));
  let low = 1e-5;
  let high = 0.4999;
  if (bound(low) > 0) return low;
  if (bound(high) < 0) return high;
  let level = (low + high) / 2;
  for (let i = 0; i < 100; i++) {
    const at = bound(level);
    if (at > 0) high = level;
    else low = level;
    level = (low + high) / 2;
    if (Math.abs(at) < 1e-6) break;
  }
  return level;
}

function intervalOf(
  estimate: number,
  halfWidth: number,
  alternative: Alternative,
): [number, number] {
  const low = alternative === 'less' ? -Infinity : estimate - halfWidth;
  const high = alternative === 'greater' ? Infinity : estimate + halfWidth;
  return [low, high];
}
