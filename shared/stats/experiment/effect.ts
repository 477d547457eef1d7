import type { Arm } from './arm.ts';

export type EffectScale = 'relative' | 'absolute';

/** An estimated effect of treatment over control with its standard error and Welch's degrees of freedom. */
export type Effect = { estimate: number; standardError: number; df: number; n: number };

/**
 * treatment - control, or that over the size of the control's mean, so that above 0 always means more (variance by the
 * delta method).
 * Null where the effect has no meaning: no spread in either arm, or relative to a mean of 0.
 * Reference implementation: GrowthBook gbstats.
 */
export function effectOf(control: Arm, treatment: Arm, scale: EffectScale): Effect | null {
  const inControl = control.variance(1) / control.n;
  const inTreatment = treatment.variance(1) / treatment.n;
  if (!(inControl + inTreatment > 0)) return null;
  const df = degreesOfFreedom(control, treatment, inControl / (inControl + inTreatment));
  const difference = treatment.mean - control.mean;
  const n = control.n + treatment.n;
  if (scale === 'absolute')
    return { estimate: difference, standardError: Math.sqrt(inControl + inTreatment), df, n };
  const { base } = control;
  if (base === 0) return null;
  const inRatio = control.variance(treatment.base / base) / control.n;
  return {
    estimate: difference / Math.abs(base),
    standardError: Math.sqrt(inTreatment + inRatio) / Math.abs(base),
    df,
    n,
  };
}

/** Welch's, from the control's share of the variance: squares of variances themselves may overflow. */
const degreesOfFreedom = (control: Arm, treatment: Arm, share: number): number =>
  1 / (share ** 2 / (control.n - 1) + (1 - share) ** 2 / (treatment.n - 1));
