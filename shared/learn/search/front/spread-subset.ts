import type { Losses } from './dominance.ts';
import { exclusiveVolume, hypervolume } from './hypervolume.ts';

/**
 * The `size` points of a front that dominate most volume together, chosen one by one by what each
 * adds: at least 1 - 1/e of the best possible volume. Equal gains: the earlier point.
 * @param losses none dominates another
 * Cost: two objectives O(size n); else O(size n) hypervolumes at worst, though a gain can only
 * fall, so that most are not computed again.
 * Source: Guerreiro, Fonseca, Paquete (2016); reference implementation: Optuna 5.0.0 (`_solve_hssp`).
 */
export const spreadSubset = (
  losses: Losses,
  size: number,
  reference: readonly number[],
): number[] =>
  reference.length === 2
    ? planarSubset(losses, size, reference)
    : lazySubset(losses, size, reference);

function lazySubset(losses: Losses, size: number, reference: readonly number[]): number[] {
  const gains = losses.map((point) => hypervolume([point], reference));
  const isFresh = losses.map(() => true);
  const left = new Set(losses.keys());
  const chosen: number[] = [];
  while (chosen.length < size && left.size > 0) {
    const best = [...left].reduce((a, b) => (gains[b] > gains[a] ? b : a));
    if (!isFresh[best]) {
      const taken = chosen.map((i) => losses[i]);
      gains[best] = exclusiveVolume(losses[best], taken, reference);
      isFresh[best] = true;
      continue;
    }
    chosen.push(best);
    left.delete(best);
    isFresh.fill(false);
  }
  return chosen;
}

/** Along the front, a point adds the box between its chosen neighbours. */
function planarSubset(losses: Losses, size: number, reference: readonly number[]): number[] {
  const order = losses.map((_, i) => i);
  order.sort((a, b) => losses[a][0] - losses[b][0] || losses[b][1] - losses[a][1]);
  const isChosen = new Uint8Array(order.length);
  const gains = new Float64Array(order.length);
  const refresh = (from: number, to: number): void => {
    const right = to < order.length ? losses[order[to]][0] : reference[0];
    const above = from >= 0 ? losses[order[from]][1] : reference[1];
    for (let at = from + 1; at < to; at++) {
      const [x, y] = losses[order[at]];
      gains[at] = Math.max(0, right - x) * Math.max(0, above - y);
    }
  };
  refresh(-1, order.length);
  const chosen: number[] = [];
  while (chosen.length < Math.min(size, order.length)) {
    const best = bestPlace(order, gains, isChosen);
    isChosen[best] = 1;
    chosen.push(order[best]);
    let [from, to] = [best - 1, best + 1];
    while (from >= 0 && isChosen[from] === 0) from--;
    while (to < order.length && isChosen[to] === 0) to++;
    refresh(from, best);
    refresh(best, to);
  }
  return chosen;
}

function bestPlace(order: readonly number[], gains: Float64Array, isChosen: Uint8Array): number {
  let best = -1;
  for (let at = 0; at < order.length; at++) {
    if (isChosen[at] === 1) continue;
    const isBetter =
      best < 0 || gains[at] > gains[best] || (gains[at] === gains[best] && order[at] < order[best]);
    if (isBetter) best = at;
  }
  return best;
}

/** A point a tenth beyond the worst of the losses. */
export function referencePoint(losses: Losses): number[] {
  return losses[0].map((_, i) => {
    const worst = Math.max(...losses.map((point) => point[i]));
    const beyond = Math.max(1.1 * worst, 0.9 * worst);
    return beyond === 0 ? 1e-12 : beyond;
  });
}
