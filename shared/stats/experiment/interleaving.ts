import type { Rng } from '../../core/rng.ts';
import { binomialSurvival, proportionBounds } from '../distributions/binomial.ts';

export type Interleaved<T> = { items: T[]; teams: ('a' | 'b')[] };

/**
 * One list made of two rankings, each taking turns to place its best item that is not placed yet; who begins a
 * round is a coin. Clicks on items of a team are votes for its ranker. Team-draft interleaving finds differences of
 * rankers with far fewer users than an A/B test.
 * @param length items wanted; fewer when both rankings run out
 * Source: Radlinski, Kurup and Joachims, How does clickthrough data reflect retrieval quality? (2008).
 */
export function interleave<T>(
  a: readonly T[],
  b: readonly T[],
  { length, rng }: { length: number; rng: Rng },
): Interleaved<T> {
  const placed = new Set<T>();
  const items: T[] = [];
  const teams: ('a' | 'b')[] = [];
  const place = (team: 'a' | 'b'): void => {
    const next = (team === 'a' ? a : b).find((item) => !placed.has(item));
    if (next === undefined || items.length >= length) return;
    placed.add(next);
    items.push(next);
    teams.push(team);
  };
  for (let before = -1; items.length < length && items.length > before; ) {
    before = items.length;
    const isAFirst = rng() < 0.5;
    place(isAFirst ? 'a' : 'b');
    place(isAFirst ? 'b' : 'a');
  }
  return { items, teams };
}

/**
 * Which ranker wins, from sessions each won by one of them (more clicks; ties left out): share of wins of `a` with its
 * exact interval (Clopper and Pearson) and the two-sided sign test. Null without a decided session.
 */
export function judgeInterleaving(
  wins: { a: number; b: number },
  alpha = 0.05,
): { shareOfA: number; interval: [number, number]; pValue: number } | null {
  const n = wins.a + wins.b;
  if (n === 0) return null;
  const most = Math.max(wins.a, wins.b);
  const pValue = Math.min(1, 2 * binomialSurvival(most - 1, { trials: n, probability: 0.5 }));
  return { shareOfA: wins.a / n, interval: proportionBounds(wins.a, n, alpha / 2), pValue };
}
