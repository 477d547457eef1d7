import type { Losses } from './dominance.ts';
import { hypervolume } from './hypervolume.ts';

/**
 * The `size` points of a front that dominate most volume together, chosen one by one by what each
 * adds: at least 1 - 1/e of the best possible volume. Equal gains: the earlier point.
 * Cost: O(size n) hypervolumes at worst; a gain can only fall, so most are not computed again.
 * Source: Guerreiro, Fonseca, Paquete (2016); reference implementation: Optuna 5.0.0 (`_solve_hssp`).
 */
export function spreadSubset(losses: Losses, size: number, reference: readonly number[]): number[] {
  const gains = losses.map((point) => hypervolume([point], reference));
  const isFresh = losses.map(() => true);
  const left = new Set(losses.keys());
  const chosen: number[] = [];
  let covered = 0;
  while (chosen.length < size && left.size > 0) {
    const best = [...left].reduce((a, b) => (gains[b] > gains[a] ? b : a));
    if (!isFresh[best]) {
      const together = [...chosen, best].map((i) => losses[i]);
      gains[best] = hypervolume(together, reference) - covered;
      isFresh[best] = true;
      continue;
    }
    chosen.push(best);
    left.delete(best);
    covered += gains[best];
    isFresh.fill(false);
  }
  return chosen;
}

/** A point a tenth beyond the worst of the losses. */
export function referencePoint(losses: Losses): number[] {
  return losses[0].map((_, i) => {
    const worst = Math.max(...losses.map((point) => point[i]));
    const beyond = Math.max(1.1 * worst, 0.9 * worst);
    return beyond === 0 ? 1e-12 : beyond;
  });
}
