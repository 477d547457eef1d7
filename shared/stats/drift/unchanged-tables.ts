import { normal, type Rng } from '../../core/rng.ts';
import { sumOf } from '../tests/value-runs.ts';

/** Tables without a change that a distance is held against. */
const TABLES = 499;
/** Up to so many values, values are dealt anew; above, cells vary as that would make them, by the normal limit. */
const DEALT_UP_TO = 5000;

/** Counts of two samples in the same cells. */
export type CellPair = { before: readonly number[]; now: readonly number[] };

/** Counts of the current sample if its values were dealt at random from both samples together, time and again. */
export function unchangedTables({ before, now }: CellPair, rng: Rng): number[][] {
  const pooled = before.map((count, i) => count + now[i]);
  const [total, m] = [sumOf(pooled), sumOf(now)];
  if (total <= DEALT_UP_TO) {
    const codes = codesOf(pooled);
    return Array.from({ length: TABLES }, () => dealt(codes, { pooled, m, rng }));
  }
  const roots = pooled.map((count) => Math.sqrt(count / total));
  const spread = Math.sqrt((m * (total - m)) / total);
  return Array.from({ length: TABLES }, () => {
    const z = roots.map(() => normal(rng));
    const along = roots.reduce((sum, root, i) => sum + root * z[i], 0);
    return roots.map((root, i) => {
      const drawn = m * root * root + spread * (root * z[i] - root * root * along);
      return Math.min(pooled[i], Math.max(0, drawn));
    });
  });
}

/**
 * A distance of counts and its p: (1 + tables at least as far apart) / (1 + tables), never 0 (Phipson and Smyth 2010).
 * @param tables what `unchangedTables` drew of the same counts
 */
export function distanceTest(
  distance: (before: number[], now: number[]) => number,
  { before, now }: CellPair,
  tables: readonly number[][],
): { statistic: number; pValue: number } {
  const pooled = before.map((count, i) => count + now[i]);
  const statistic = distance([...before], [...now]);
  let atLeast = 1;
  for (const drawn of tables) {
    const rest = pooled.map((count, i) => count - drawn[i]);
    if (distance(rest, drawn) >= statistic * (1 - 1e-12)) atLeast++;
  }
  return { statistic, pValue: atLeast / (1 + tables.length) };
}

/** Each cell's number as often as it counts, ascending. */
export function codesOf(counts: readonly number[]): Float64Array {
  const codes = new Float64Array(sumOf(counts));
  let at = 0;
  counts.forEach((count, code) => {
    codes.fill(code, at, at + count);
    at += count;
  });
  return codes;
}

/** Counts of `m` values drawn without replacement; the smaller of the two hands is drawn. In place, of the order. */
function dealt(
  codes: Float64Array,
  { pooled, m, rng }: { pooled: readonly number[]; m: number; rng: Rng },
): number[] {
  const isRest = 2 * m > codes.length;
  const hand = isRest ? codes.length - m : m;
  const counts = new Array<number>(pooled.length).fill(0);
  for (let i = 0; i < hand; i++) {
    const j = i + Math.floor(rng() * (codes.length - i));
    const code = codes[j];
    codes[j] = codes[i];
    codes[i] = code;
    counts[code]++;
  }
  return isRest ? pooled.map((count, i) => count - counts[i]) : counts;
}
