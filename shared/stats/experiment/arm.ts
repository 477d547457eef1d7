import { fail, ok, type Result } from '../../core/result.ts';
import { checkArm } from './check-arm.ts';

/** Sums of one variable over the units of an arm; arms of two days merge by adding. */
export type Sums = { sum: number; sumSquares: number };

/** The sufficient statistics of one arm of an experiment. */
export type ArmStatistics =
  | { kind: 'proportion'; n: number; sum: number }
  | ({ kind: 'mean'; n: number; covariate?: Covariate } & Sums)
  /** A ratio of two means (revenue per session where users are randomised): sums are the numerator's. */
  | ({ kind: 'ratio'; n: number; denominator: Sums; sumProducts: number } & Sums);

/** The same units before the experiment, for CUPED: sumProducts is the sum of (value x covariate). */
export type Covariate = Sums & { sumProducts: number };

/**
 * An arm as the tests see it. `base` is its mean before any adjustment, what a relative effect is relative to;
 * variance(r) that of one unit's r value - theta covariate, r = 1 but in the delta method of a relative effect.
 */
export type Arm = { n: number; mean: number; base: number; variance: (r: number) => number };

export type ArmError =
  | { reason: 'too_few_units'; n: number; needed: number }
  | { reason: 'not_a_count'; field: string; value: number }
  | { reason: 'kinds_differ'; control: string; treatment: string }
  | { reason: 'denominator_is_zero' };

/**
 * Means and variances of both arms. A proportion's variance is p (1 - p), a mean's the unbiased one, a ratio's
 * by the delta method. Where both arms bring a covariate the means are adjusted by CUPED (Deng et al. 2013) with
 * theta = cov / var over both arms pooled.
 */
export function armsOf(
  control: ArmStatistics,
  treatment: ArmStatistics,
): Result<{ control: Arm; treatment: Arm }, ArmError> {
  if (control.kind !== treatment.kind)
    return fail({ reason: 'kinds_differ', control: control.kind, treatment: treatment.kind });
  const error = checkArm(control) ?? checkArm(treatment);
  if (error) return fail(error);
  const theta = thetaOf(control, treatment);
  return ok({ control: armOf(control, theta), treatment: armOf(treatment, theta) });
}

function armOf(arm: ArmStatistics, theta: number | null): Arm {
  const { n } = arm;
  const base = arm.sum / n;
  if (arm.kind === 'proportion') {
    const bernoulli = base * (1 - base);
    return { n, mean: base, base, variance: (r) => r * r * bernoulli };
  }
  const variance = varianceOf(arm, n);
  if (arm.kind === 'ratio') return ratioArm(arm, base, variance);
  if (theta === null || !arm.covariate)
    return { n, mean: base, base, variance: (r) => r * r * variance };
  const { covariate } = arm;
  const covariance = covarianceOf(arm, covariate, n);
  return {
    n,
    base,
    mean: base - (theta * covariate.sum) / n,
    variance: (r) =>
      r * r * variance + theta * theta * varianceOf(covariate, n) - 2 * r * theta * covariance,
  };
}

function ratioArm(
  arm: Extract<ArmStatistics, { kind: 'ratio' }>,
  numerator: number,
  variance: number,
): Arm {
  const { n, denominator, sumProducts } = arm;
  const below = denominator.sum / n;
  const mean = numerator / below;
  const covariance = covarianceOf(arm, { ...denominator, sumProducts }, n);
  const delta =
    variance / below ** 2 -
    (2 * covariance * numerator) / below ** 3 +
    (varianceOf(denominator, n) * numerator ** 2) / below ** 4;
  return { n, mean, base: mean, variance: (r) => r * r * Math.max(0, delta) };
}

const varianceOf = ({ sum, sumSquares }: Sums, n: number): number =>
  Math.max(0, sumSquares - (sum * sum) / n) / (n - 1);

const covarianceOf = (value: Sums, covariate: Covariate, n: number): number =>
  (covariate.sumProducts - (value.sum * covariate.sum) / n) / (n - 1);

function thetaOf(control: ArmStatistics, treatment: ArmStatistics): number | null {
  if (control.kind !== 'mean' || treatment.kind !== 'mean') return null;
  if (!control.covariate || !treatment.covariate) return null;
  const n = control.n + treatment.n;
  const value = addSums(control, treatment);
  const covariate = {
    ...addSums(control.covariate, treatment.covariate),
    sumProducts: control.covariate.sumProducts + treatment.covariate.sumProducts,
  };
  const variance = varianceOf(covariate, n);
  return variance === 0 ? null : covarianceOf(value, covariate, n) / variance;
}

const addSums = (a: Sums, b: Sums): Sums => ({
  sum: a.sum + b.sum,
  sumSquares: a.sumSquares + b.sumSquares,
});
