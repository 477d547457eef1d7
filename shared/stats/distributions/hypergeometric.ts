import { logBinomialDensity } from '../special/stirling-error.ts';
import { invertCount } from './count-quantile.ts';
import { sumOfDensities } from './density-sum.ts';

/**
 * Whole numbers >= 0, no more drawn than there are; every chance of others is NaN. What can be marked and drawn at
 * once is counted exactly by doubles (below 2^53).
 */
export type HypergeometricParameters = {
  /** Marked items in the urn. */
  marked: number;
  unmarked: number;
  /** Items drawn without replacement. */
  drawn: number;
};

/** Chance of exactly k marked items among those drawn. Source: Loader (2000), three binomial densities. */
export function hypergeometricDensity(k: number, parameters: HypergeometricParameters): number {
  if (!isValid(parameters) || Number.isNaN(k)) return Number.NaN;
  const [least, most] = rangeOf(parameters);
  return Number.isInteger(k) && k >= least && k <= most ? densityAt(k, parameters) : 0;
}

/** The density at a real k within the range of counts. */
function densityAt(k: number, { marked, unmarked, drawn }: HypergeometricParameters): number {
  const total = marked + unmarked;
  const p = drawn / total;
  const q = (total - drawn) / total;
  return Math.exp(
    logBinomialDensity({ a: k, b: marked - k }, p, q) +
      logBinomialDensity({ a: drawn - k, b: unmarked - drawn + k }, p, q) -
      logBinomialDensity({ a: drawn, b: total - drawn }, p, q),
  );
}

/** Chance of at most k, right relative to itself. */
export const hypergeometricCdf = (k: number, parameters: HypergeometricParameters): number =>
  tailsAt(k, parameters).lower;

/** Chance of more than k, right relative to itself. */
export const hypergeometricSurvival = (k: number, parameters: HypergeometricParameters): number =>
  tailsAt(k, parameters).upper;

/** The smallest k with a chance of at least p of being at or below it. */
export const hypergeometricQuantile = (p: number, parameters: HypergeometricParameters): number =>
  invertCount((k) => hypergeometricCdf(k, parameters), p, rangeOf(parameters));

/** The tail that starts beyond the mode is summed outward; the other is its complement, or summed where that is small. */
function tailsAt(
  k: number,
  parameters: HypergeometricParameters,
): { lower: number; upper: number } {
  if (!isValid(parameters) || Number.isNaN(k)) return { lower: Number.NaN, upper: Number.NaN };
  const { marked, unmarked, drawn } = parameters;
  const [least, most] = rangeOf(parameters);
  if (k < least) return { lower: 0, upper: 1 };
  if (k >= most) return { lower: 1, upper: 0 };
  const whole = Math.floor(k);
  const mode = Math.floor((drawn + 1) * ((marked + 1) / (marked + unmarked + 2)));
  if (whole <= mode) {
    const lower = tailSum(whole, -1, parameters);
    return { lower, upper: lower <= 0.5 ? 1 - lower : tailSum(whole + 1, 1, parameters) };
  }
  const upper = tailSum(whole + 1, 1, parameters);
  return { lower: upper <= 0.5 ? 1 - upper : tailSum(whole, -1, parameters), upper };
}

/** Sum of densities from `from` on to the end of the range, upward (1) or downward (-1). */
function tailSum(from: number, step: 1 | -1, parameters: HypergeometricParameters): number {
  const { marked, unmarked, drawn } = parameters;
  const [least, most] = rangeOf(parameters);
  const share = marked / (marked + unmarked);
  const left = 1 - drawn / (marked + unmarked);
  return sumOfDensities({
    from,
    step,
    steps: step === 1 ? most - from : from - least,
    deviation: Math.sqrt(drawn * share * (1 - share) * left),
    density: (k) => densityAt(k, parameters),
    ratio:
      step === 1
        ? (k) => ((marked - k) / (k + 1)) * ((drawn - k) / (unmarked - drawn + k + 1))
        : (k) => (k / (marked - k + 1)) * ((unmarked - drawn + k) / (drawn - k + 1)),
  });
}

const rangeOf = ({ marked, unmarked, drawn }: HypergeometricParameters): [number, number] => [
  Math.max(0, drawn - unmarked),
  Math.min(marked, drawn),
];

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 0;

function isValid(parameters: HypergeometricParameters): boolean {
  const { marked, unmarked, drawn } = parameters;
  const isUrn = isCount(marked) && isCount(unmarked) && isCount(drawn);
  const [, most] = rangeOf(parameters);
  return isUrn && marked + unmarked < Infinity && drawn <= marked + unmarked && most <= 2 ** 53;
}
