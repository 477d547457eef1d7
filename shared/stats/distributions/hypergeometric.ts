import { logBinomialDensity } from '../special/stirling-error.ts';
import { invertCount } from './count-quantile.ts';

export type HypergeometricParameters = {
  /** Marked items in the urn. */
  marked: number;
  unmarked: number;
  /** Items drawn without replacement. */
  drawn: number;
};

/** Chance of exactly k marked items among those drawn. Source: Loader (2000), three binomial densities. */
export function hypergeometricDensity(k: number, parameters: HypergeometricParameters): number {
  const { marked, unmarked, drawn } = parameters;
  const total = marked + unmarked;
  if (!Number.isInteger(k) || k < Math.max(0, drawn - unmarked) || k > Math.min(marked, drawn))
    return 0;
  const p = drawn / total;
  const q = (total - drawn) / total;
  return Math.exp(
    logBinomialDensity({ a: k, b: marked - k }, p, q) +
      logBinomialDensity({ a: drawn - k, b: unmarked - drawn + k }, p, q) -
      logBinomialDensity({ a: drawn, b: total - drawn }, p, q),
  );
}

/** Chance of at most k; the sum of densities outward from k, so a small tail is right relative to itself. */
export function hypergeometricCdf(k: number, parameters: HypergeometricParameters): number {
  const { marked, unmarked, drawn } = parameters;
  const mode = Math.floor(((drawn + 1) * (marked + 1)) / (marked + unmarked + 2));
  const whole = Math.floor(k);
  if (whole >= Math.min(marked, drawn)) return 1;
  return whole <= mode ? sumDown(whole, parameters) : 1 - sumUp(whole + 1, parameters);
}

/** Chance of more than k. */
export function hypergeometricSurvival(k: number, parameters: HypergeometricParameters): number {
  const { marked, unmarked, drawn } = parameters;
  const mode = Math.floor(((drawn + 1) * (marked + 1)) / (marked + unmarked + 2));
  const whole = Math.floor(k);
  if (whole < Math.max(0, drawn - unmarked)) return 1;
  return whole <= mode ? 1 - sumDown(whole, parameters) : sumUp(whole + 1, parameters);
}

/** The smallest k with a chance of at least p of being at or below it. */
export function hypergeometricQuantile(p: number, parameters: HypergeometricParameters): number {
  const { marked, unmarked, drawn } = parameters;
  const ends: [number, number] = [Math.max(0, drawn - unmarked), Math.min(marked, drawn)];
  return invertCount((k) => hypergeometricCdf(k, parameters), p, ends);
}

function sumDown(from: number, parameters: HypergeometricParameters): number {
  const { marked, unmarked, drawn } = parameters;
  let term = hypergeometricDensity(from, parameters);
  let sum = term;
  for (let k = from; k > Math.max(0, drawn - unmarked) && term > sum * 1e-17; k--) {
    term *= (k / (marked - k + 1)) * ((unmarked - drawn + k) / (drawn - k + 1));
    sum += term;
  }
  return Math.min(1, sum);
}

function sumUp(from: number, parameters: HypergeometricParameters): number {
  const { marked, unmarked, drawn } = parameters;
  let term = hypergeometricDensity(from, parameters);
  let sum = term;
  for (let k = from; k < Math.min(marked, drawn) && term > sum * 1e-17; k++) {
    term *= ((marked - k) / (k + 1)) * ((drawn - k) / (unmarked - drawn + k + 1));
    sum += term;
  }
  return Math.min(1, sum);
}
