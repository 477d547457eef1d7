import { normal, type Rng } from '../../core/rng.ts';

/** What is known of one arm: units and the sums of their rewards. Arms of two days merge by adding. */
export type BanditArm = { n: number; sum: number; sumSquares: number };

/** Smallest weight an arm keeps, so that it can still prove itself. */
const MIN_WEIGHT = 0.01;
const DRAWS = 10_000;

/**
 * Weights by which a bandit sends its next units to arms: the chance that each is best, by draws from normal
 * posteriors of the means (Thompson sampling), at least 1 % each. Arms with fewer than `minUnits` units make all
 * weights equal: explore first.
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
  for (let draw = 0; draw < DRAWS; draw++) wins[bestOf(posteriors, rng)]++;
  const raised = wins.map((count) => Math.max(MIN_WEIGHT, count / DRAWS));
  const total = raised.reduce((sum, weight) => sum + weight, 0);
  return raised.map((weight) => weight / total);
}

function bestOf(posteriors: readonly { mean: number; deviation: number }[], rng: Rng): number {
  let best = 0;
  let highest = -Infinity;
  posteriors.forEach(({ mean, deviation }, arm) => {
    const value = mean + deviation * normal(rng);
    if (value > highest) {
      highest = value;
      best = arm;
    }
  });
  return best;
}
