/** An estimate that gets more exact as evidence comes in, and how much evidence that is. */
export type RunningEstimate = {
  estimate: number;
  /** Standard error of the estimate now. */
  standardError: number;
  /** Evidence so far in the units of `tuning`: observations, or their effective number. */
  n: number;
};

export type MixtureOptions = {
  alpha: number;
  /** The n at which the sequence is tightest. */
  tuning: number;
  /** Chance to miss that the width is for, where it is another than the alpha the sequence was made for. */
  level?: number;
};

/**
 * Half-width of a two-sided confidence sequence: estimate -+ this covers the truth at ALL n at once with
 * probability 1 - alpha, so one may look after every observation and stop when one likes.
 *
 * Definition: se sqrt(n) sqrt(2 (n r^2 + 1) / (n r)^2 log(sqrt(n r^2 + 1) / alpha)), r from `mixtureScale`:
 * Robbins' normal mixture, valid for means as n grows (asymptotic). Too wide, never too narrow, far from `tuning`.
 * @returns Infinity when n is 0
 * Source: Robbins (1970); Waudby-Smith et al., Time-uniform central limit theory (2021), equation 25;
 * Howard et al. (2021). Reference implementation: GrowthBook gbstats.
 */
export function mixtureHalfWidth(running: RunningEstimate, options: MixtureOptions): number {
  const { spread, growth } = mixtureTerms(running, mixtureScale(options.alpha, options.tuning));
  return spread * Math.sqrt(Math.log(Math.sqrt(growth) / (options.level ?? options.alpha)));
}

/** One-sided: estimate - this is below the truth at all n at once with probability 1 - alpha. */
export function oneSidedMixtureHalfWidth(
  running: RunningEstimate,
  options: MixtureOptions,
): number {
  const { alpha, tuning, level = alpha } = options;
  const { spread, growth } = mixtureTerms(running, mixtureScale(2 * alpha, tuning));
  return spread * Math.sqrt(Math.log1p(Math.sqrt(growth) / (2 * level)));
}

/**
 * The p value that may be looked at as often as one likes, two-sided, of no effect:
 * min(1, 1 / E), E the mixture's likelihood ratio. 1 when n is 0.
 */
export function mixturePValue(running: RunningEstimate, options: MixtureOptions): number {
  const { estimate, standardError, n } = running;
  if (n === 0) return 1;
  const square = mixtureScale(options.alpha, options.tuning) ** 2;
  const growth = n * square + 1;
  if (standardError === 0) return estimate === 0 ? 1 : 0;
  const information = (estimate / standardError) ** 2;
  const exponent = (square * n * information) / (2 * growth);
  return Math.min(1, Math.exp(0.5 * Math.log(growth) - exponent));
}

/** r: makes the two-sided sequence tightest near n = tuning (Waudby-Smith et al. 2021, section 2.3). */
export function mixtureScale(alpha: number, tuning: number): number {
  const l = -2 * Math.log(alpha);
  return Math.sqrt((l + Math.log(l + 1)) / tuning);
}

function mixtureTerms(
  { standardError, n }: RunningEstimate,
  scale: number,
): { spread: number; growth: number } {
  if (n === 0) return { spread: Infinity, growth: 1 };
  const growth = n * scale * scale + 1;
  return { spread: (standardError * Math.sqrt((2 * growth) / n)) / scale, growth };
}
