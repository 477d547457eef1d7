import { logPoissonDensity } from '../special/stirling-error.ts';
import { chiSquareSurvival } from './chi-square.ts';

/** Weights below this share of the largest are put together: what is left of them is near a normal. */
const SMALLEST_SHARE = 0.02;

/**
 * Chance that a weighted sum of independent chi-square(1) variables is above x: what the large-sample law of every
 * quadratic statistic (Cramer-von Mises, Anderson-Darling, energy, MMD) is once its weights are known.
 *
 * Definition: the mixture of central chi-squares with positive weights, so that a small tail is right relative to
 * itself. Weights below a fiftieth of the largest become one gamma variable of their mean and variance (their
 * mean alone where that hardly varies), which moves p by less than 1e-3 of itself.
 * @param weights any order; 0 and what is below 0 by rounding is left out
 * @returns 1 for x <= 0; 0 where there is no weight and x > 0
 * Cost: weights x some thousand terms. Source: Ruben (1962), Farebrother, Algorithm AS 204 (1984).
 */
export function weightedChiSquareSurvival(x: number, weights: readonly number[]): number {
  if (!(x > 0)) return 1;
  const { parts, constant } = partsOf(weights);
  const y = x - constant;
  if (!(y > 0)) return 1;
  if (parts.length === 0) return 0;
  const largest = parts.reduce((most, { weight }) => Math.max(most, weight), 0);
  if (y / (2 * largest) > 800) return 0;
  const least = parts.reduce((fewest, { weight }) => Math.min(fewest, weight), Infinity);
  return Math.min(1, mixtureSurvival(y / least, parts, least));
}

type Part = { weight: number; df: number };

/** Small weights as one of many degrees; as their mean where even together they hardly vary. */
function partsOf(weights: readonly number[]): { parts: Part[]; constant: number } {
  const smallest = SMALLEST_SHARE * weights.reduce((most, weight) => Math.max(most, weight), 0);
  const parts: Part[] = [];
  let sum = 0;
  let squares = 0;
  for (const weight of weights) {
    if (!(weight > 0)) continue;
    if (weight >= smallest) parts.push({ weight, df: 1 });
    else {
      sum += weight;
      squares += weight * weight;
    }
  }
  if (squares < (sum * smallest) / 4) return { parts, constant: sum };
  if (sum > 0) parts.push({ weight: squares / sum, df: (sum * sum) / squares });
  return { parts, constant: 0 };
}

/** Sum over k of the mixture's weight times the chance that a chi-square of d + 2 k degrees is above y. */
function mixtureSurvival(y: number, parts: readonly Part[], least: number): number {
  const d = parts.reduce((sum, { df }) => sum + df, 0);
  const kept = parts.map(({ weight }) => 1 - least / weight);
  const slowest = Math.max(...kept);
  const carried = new Float64Array(parts.length);
  let share = Math.exp(
    parts.reduce((sum, { weight, df }) => sum + (df / 2) * Math.log(least / weight), 0),
  );
  let survival = chiSquareSurvival(y, d);
  let density = 0;
  let sum = share * survival;
  for (let k = 1; k < 1e6; k++) {
    let next = 0;
    for (let j = 0; j < parts.length; j++) {
      carried[j] = kept[j] * (carried[j] + share);
      next += parts[j].df * carried[j];
    }
    density =
      density > 1e-290
        ? (density * y) / (d + 2 * k - 2)
        : Math.exp(logPoissonDensity(d / 2 + k - 1, y / 2));
    survival = Math.min(1, survival + density);
    const isFalling = next / (2 * k) <= share;
    share = next / (2 * k);
    const term = share * survival;
    sum += term;
    const isPast = share === 0 || d + 2 * k > y;
    if (isFalling && isPast && term <= sum * 1e-12 * (1 - slowest)) break;
  }
  return sum;
}
