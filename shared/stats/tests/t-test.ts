import { tSurvival, tTwoSided } from '../distributions/student-t.ts';
import { momentsOf, type SampleMoments } from '../moments.ts';
import type { Alternative, TestResult } from './test-result.ts';
import { unitScale } from './unit-scale.ts';

export type TTestOptions = {
  alternative?: Alternative;
  /** Student's pooled variance instead of Welch's unequal ones. */
  isPooled?: boolean;
};

/**
 * Two-sample t test of equal means: Welch's (1947) by default, which does not ask for equal variances.
 * @returns statistic t of mean(a) - mean(b) with its df; null for fewer than two values a sample; where both
 * samples are constant t is 0 when they are equal, p 1, and infinite when they are not, p 0
 * Reference implementation: scipy.stats.ttest_ind 1.10.1.
 */
export function tTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: TTestOptions = {},
): (TestResult & { df: number }) | null {
  const scale = unitScale(a, b);
  const moments = (sample: ArrayLike<number>): SampleMoments =>
    momentsOf(scale === 1 ? sample : Float64Array.from(sample, (value) => value * scale));
  return tTestOfMoments(moments(a), moments(b), options);
}

/** The same on sufficient statistics; null where they are too large for a double. */
export function tTestOfMoments(
  a: SampleMoments,
  b: SampleMoments,
  options: TTestOptions = {},
): (TestResult & { df: number }) | null {
  if (a.n < 2 || b.n < 2) return null;
  const { variance, df } = options.isPooled ? pooled(a, b) : welch(a, b);
  const difference = a.mean - b.mean;
  if (!Number.isFinite(variance) || !Number.isFinite(difference)) return null;
  const statistic = difference === 0 ? 0 : difference / Math.sqrt(variance);
  return { statistic, pValue: pOf(statistic, df, options.alternative), df };
}

function pOf(t: number, df: number, alternative: Alternative = 'two-sided'): number {
  if (alternative === 'two-sided') return tTwoSided(t, df);
  return alternative === 'greater' ? tSurvival(t, df) : tSurvival(-t, df);
}

function welch(a: SampleMoments, b: SampleMoments): { variance: number; df: number } {
  const inA = a.squares / (a.n - 1) / a.n;
  const inB = b.squares / (b.n - 1) / b.n;
  const variance = inA + inB;
  if (variance === 0) return { variance, df: a.n + b.n - 2 };
  const [shareA, shareB] = [inA / variance, inB / variance];
  return { variance, df: 1 / (shareA ** 2 / (a.n - 1) + shareB ** 2 / (b.n - 1)) };
}

function pooled(a: SampleMoments, b: SampleMoments): { variance: number; df: number } {
  const df = a.n + b.n - 2;
  return { variance: ((a.squares + b.squares) / df) * (1 / a.n + 1 / b.n), df };
}
