import { normal, type Rng } from '../../core/rng.ts';

/** What is known of one arm: units and the sums of their rewards. Arms of two days merge by adding. */
export type BanditArm = { n: number; sum: number; sumSquares: number };

/** Smallest weight an arm keeps, so that it can still prove itself; of 50 arms and more half of an equal share. */
const MIN_WEIGHT = 0.01;
const DRAWS = 10_000;

/**
 * Weights by which a bandit sends its next units to arms: the chance that each is best, by draws from normal
 * posteriors of the means (Thompson sampling), at least 1 % each (1 / (2 k) of k > 50 arms). Draws that are equal share
 * their win. Arms with fewer than `minUnits` units make all weights equal: explore first.
 * @returns weights that sum to 1, shape [arms]; [] without arms
 * Source: Thompson (1933); GrowthBook's bandits use the same minimum weight.
 */
export function thompsonWeights(
  arms: readonly BanditArm[],
  { rng, minUnits = 100 }: { rng: Rng; minUnits?: number },
): number[] {
  const k = arms.length;
  if (arms.some(({ n }) => n < Math.max(2, minUnits))) return arms.map(() => 1 / k);
  const posteriors = arms.map(({ n, sum, sumSquares }) => {
    const mean = sum / n;
    const variance = Math.max(0, sumSquares / n - mean * mean) * (n / (n - 1));
    return { mean, deviation: Math.sqrt(variance / n) };
  });
  const wins = arms.map(() => 0);
  for (let draw = 0; draw < DRAWS; draw++) {
    const best = bestOf(posteriors, rng);
    for (const arm of best) wins[arm] += 1 / best.length;
  }
  return raised(wins.map((count) => count / DRAWS));
}

/** Weights below the smallest are raised to it, at the cost of the others in proportion to what they have above it. */
function raised(weights: readonly number[]): number[] {
  const least = Math.min(MIN_WEIGHT, 0.5 / weights.length);
  const above = weights.map((weight) => Math.max(0, weight - least));
  const spare = 1 - least * weights.length;
  const total = above.reduce((sum, weight) => sum + weight, 0);
  return above.map((weight) => least + (spare * weight) / total);
}

/** The arm that is drawn highest; several where they are drawn equal, as constant arms are. */
function bestOf(posteriors: readonly { mean: number; deviation: number }[], rng: Rng): number[] {
  let best: number[] = [];
  let highest = -Infinity;
  posteriors.forEach(({ mean, deviation }, arm) => {
    const value = mean + deviation * normal(rng);
    if (value > highest) {
      highest = value;
      best = [arm];
    } else if (value === highest) best.push(arm);
  });
  return best;
}
