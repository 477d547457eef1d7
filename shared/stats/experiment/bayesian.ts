import { normalDensity, normalQuantile, normalSurvival } from '../distributions/normal.ts';
import type { Effect, EffectScale } from './effect.ts';

/** A normal belief about the effect before the data; null: none (improper, flat). */
export type EffectPrior = { mean: number; variance: number; kind: EffectScale } | null;

export type BayesianResult = {
  /** Posterior mean. */
  effect: number;
  /** Equal-tailed credible interval of level 1 - alpha. */
  interval: [number, number];
  /** Posterior chance that the treatment is better. */
  chanceToWin: number;
  /** Expected loss of choosing the control, of choosing the treatment. */
  risk: [number, number];
};

/**
 * Normal posterior of the effect under a normal or flat prior. A relative prior on an absolute effect is
 * scaled by the control's mean, an absolute prior on a relative effect divided by it.
 * @param options.isInverse less is better
 * Reference implementation: GrowthBook gbstats.
 */
export function bayesianTest(
  effect: Effect,
  options: PriorOptions & { alpha: number; isInverse?: boolean },
): BayesianResult {
  const { mean, deviation } = posteriorOf(effect, options);
  const halfWidth = normalQuantile(options.alpha / 2, 'upper') * deviation;
  const gain = expectedPositive(mean, deviation);
  const loss = expectedPositive(-mean, deviation);
  return {
    effect: mean,
    interval: [mean - halfWidth, mean + halfWidth],
    chanceToWin: chanceAbove(0, { mean: options.isInverse ? -mean : mean, deviation }),
    risk: options.isInverse ? [loss, gain] : [gain, loss],
  };
}

/** A normal belief. */
export type Posterior = { mean: number; deviation: number };

export type PriorOptions = { prior: EffectPrior; scale: EffectScale; controlMean: number };

/** What is believed of the effect: prior and estimate, weighed by how exact each is. */
export function posteriorOf(
  { estimate, standardError }: Pick<Effect, 'estimate' | 'standardError'>,
  options: PriorOptions,
): Posterior {
  const { prior, scale, controlMean } = options;
  if (!prior) return { mean: estimate, deviation: standardError };
  const size = Math.abs(controlMean);
  let factor = 1;
  if (prior.kind === 'relative' && scale === 'absolute') factor = size;
  if (prior.kind === 'absolute' && scale === 'relative') factor = 1 / size;
  const variance = prior.variance * factor ** 2;
  const share = variance / (variance + standardError ** 2);
  return {
    mean: share * estimate + (1 - share) * prior.mean * factor,
    deviation: standardError * Math.sqrt(share),
  };
}

/** Chance that what is believed is above a bound; a belief without spread is at the bound half above it. */
export function chanceAbove(bound: number, { mean, deviation }: Posterior): number {
  if (deviation === 0) return mean === bound ? 0.5 : Number(mean > bound);
  return normalSurvival((bound - mean) / deviation);
}

/** Mean of max(0, X) for a normal X. Right in the far tail, where the two terms nearly cancel. */
function expectedPositive(mean: number, deviation: number): number {
  if (deviation === 0) return Math.max(0, mean);
  const z = mean / deviation;
  if (z > -3) return mean * normalSurvival(-z) + deviation * normalDensity(z);
  return deviation * normalDensity(z) * tailShare(-z);
}

/** 1 - z R(z), R the ratio of survival to density, by the continued fraction of R for z > 3. */
function tailShare(z: number): number {
  let rest = 0;
  for (let k = 80; k >= 2; k--) rest = k / (z + rest);
  const inner = 1 / (z + rest);
  return inner / (z + inner);
}
