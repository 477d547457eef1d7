import type { GateResult } from '../contracts/registry.ts';
import {
  type MixtureOptions,
  oneSidedMixtureHalfWidth,
} from '../stats/sequential/normal-mixture.ts';
import type { GateQuestion, StepEvidence } from './gate-question.ts';

/** A sample by its sufficient statistics. */
export type Moments = { n: number; sum: number; sumSquares: number };

export type Comparison = {
  /** Mean of the challenger, steps weighed as in the difference. */
  challenger: number;
  champion: number;
  /** challenger - ratio x champion. */
  difference: number;
  standardError: number;
  /** Effective number of observations. */
  n: number;
};

/** The verdict when it is known whether failure is shown and on which side the estimate is. */
export function verdictOf(facts: {
  isFailureShown: boolean;
  isEnough: boolean;
  isGood: boolean;
}): GateResult['verdict'] {
  if (facts.isFailureShown) return 'fail';
  if (!facts.isEnough) return 'insufficient_data';
  return facts.isGood ? 'pass' : 'inconclusive';
}

/** More evidence than this many times what there is: nobody waits for it. */
export const LONGEST_FACTOR = 1000;

/**
 * Samples of the current step at which a question is settled, if what was found so far stays as it is: what is
 * needed at all, or where what looks bad would be shown to be.
 * @param settle.total challenger samples over all steps
 * @param settle.isShownAt would failure be shown with `factor` times the evidence?
 * @returns null where it is settled, and where a thousand times the evidence would not settle it
 */
export function settledAt(
  verdict: GateResult['verdict'],
  settle: { n: number; needed: number; total: number; isShownAt: (factor: number) => boolean },
): number | null {
  const { n, needed, total, isShownAt } = settle;
  if (verdict === 'insufficient_data') return Math.max(needed, n + 1);
  if (verdict !== 'inconclusive' || !isShownAt(LONGEST_FACTOR)) return null;
  let low = 1;
  let high = LONGEST_FACTOR;
  while (high / low > 1.03) {
    const middle = Math.sqrt(low * high);
    if (isShownAt(middle)) high = middle;
    else low = middle;
  }
  return n + Math.max(1, Math.ceil((high - 1) * total));
}

/** The same estimate from `factor` times the evidence. */
export const grown = (
  { estimate, standardError, n }: { estimate: number; standardError: number; n: number },
  factor: number,
) => ({ estimate, standardError: standardError / Math.sqrt(factor), n: n * factor });

/** Is a running estimate shown to be above zero, however often one looks? */
export function isShownAbove(
  running: { estimate: number; standardError: number; n: number },
  { alpha, minSamples }: Pick<GateQuestion, 'alpha' | 'minSamples'>,
): boolean {
  const options: MixtureOptions = { alpha, tuning: 2 * minSamples };
  return running.estimate > oneSidedMixtureHalfWidth(running, options);
}

/** Is the challenger within the bound, equal to rounding included? */
export const isWithin = ({ difference, challenger }: Comparison): boolean =>
  difference <= 1e-12 * Math.abs(challenger);

/**
 * Difference challenger - ratio x champion within steps, weighed by n m / (n + m) (Mantel and Haenszel),
 * variances pooled over the steps. Null while no step has two samples on both sides.
 */
export function compareSteps(
  steps: readonly StepEvidence[],
  ratio: number,
  momentsOf: (profile: StepEvidence['challenger'], side: 'challenger' | 'champion') => Moments,
): Comparison | null {
  const pairs = steps.flatMap(({ challenger, champion }) => {
    const pair = {
      c: momentsOf(challenger, 'challenger'),
      h: champion ? momentsOf(champion, 'champion') : null,
    };
    return pair.h && pair.c.n > 1 && pair.h.n > 1 ? [{ c: pair.c, h: pair.h }] : [];
  });
  if (pairs.length === 0) return null;
  const varianceC = pooledVariance(pairs.map(({ c }) => c));
  const varianceH = pooledVariance(pairs.map(({ h }) => h));
  let n = 0;
  let challenger = 0;
  let champion = 0;
  let variance = 0;
  for (const { c, h } of pairs) {
    const weight = (c.n * h.n) / (c.n + h.n);
    n += weight;
    challenger += (weight * c.sum) / c.n;
    champion += (weight * h.sum) / h.n;
    variance += weight * weight * (varianceC / c.n + (ratio * ratio * varianceH) / h.n);
  }
  const difference = (challenger - ratio * champion) / n;
  return {
    challenger: challenger / n,
    champion: champion / n,
    difference,
    standardError: Math.sqrt(variance) / n,
    n,
  };
}

/** Mean variance within samples; n > 1 in each. */
export function pooledVariance(samples: readonly Moments[]): number {
  let squares = 0;
  let df = 0;
  for (const { n, sum, sumSquares } of samples) {
    squares += Math.max(0, sumSquares - (sum * sum) / n);
    df += n - 1;
  }
  return squares / df;
}

/** Sum of a count over the challenger's steps. */
export const totalOf = (
  steps: readonly StepEvidence[],
  count: (profile: StepEvidence['challenger']) => number,
): number => steps.reduce((sum, { challenger }) => sum + count(challenger), 0);

/** The same over the champion's; null when the rollout has none. */
export function championTotalOf(
  steps: readonly StepEvidence[],
  count: (profile: StepEvidence['challenger']) => number,
): number | null {
  if (steps.every(({ champion }) => champion === null)) return null;
  return steps.reduce((sum, { champion }) => sum + (champion ? count(champion) : 0), 0);
}
