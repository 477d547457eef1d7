import type { Rng } from '../../core/rng.ts';
import { dealCounts, drawHypergeometric } from '../resample/deal.ts';
import { dealAlike } from '../resample/deal-alike.ts';

/** Cells of at most so many values are told apart by their counts alone, where there are many of them. */
export const SMALL = 64;
/** Cells that hold as many are dealt together when there are so many of them for each value they hold. */
const ALIKE_FROM = 100;

/**
 * Two samples in many cells, as the distances see them: how many cells have each pair of counts, and the cells that are
 * too few or too large to be counted so.
 */
export type DealtTable = {
  /** Cells by their pair of counts, at `pairAt`. */
  pairs: Float64Array;
  /** Of the cells that are dealt one by one: values of both samples, and of the first. */
  pooled: Float64Array;
  dealt: Float64Array;
  /** Which of these are not among `pairs`. */
  large: readonly number[];
  /** Puts another random division of the same values in place. */
  deal: (rng: Rng) => void;
};

/** Where cells of `count` values are counted, of which the first sample has `inFirst`. */
export const pairAt = (count: number, inFirst: number): number =>
  (count * (count + 1)) / 2 + inFirst;

export const PAIRS = pairAt(SMALL + 1, 0);

export function dealtTable(before: readonly number[], now: readonly number[]): DealtTable {
  const alike = alikeCells(before, now);
  const isAlone = (i: number): boolean => !alike.has(before[i] + now[i]);
  const alone = Array.from(before.keys()).filter((i) => isAlone(i) && before[i] + now[i] > 0);
  const pooled = Float64Array.from(alone, (i) => before[i] + now[i]);
  const dealt = Float64Array.from(alone, (i) => before[i]);
  const pairs = new Float64Array(PAIRS);
  before.forEach((count, i) => {
    if (!isAlone(i)) pairs[pairAt(count + now[i], count)]++;
  });
  countPairs(pooled, dealt, pairs);
  const [size, total] = [sum(before), sum(before) + sum(now)];
  const deal = (rng: Rng): void => {
    pairs.fill(0);
    let needed = size;
    let left = total;
    for (const [count, cells] of alike) {
      const marked = cells * count;
      const given = drawHypergeometric({ marked, unmarked: left - marked, drawn: needed }, rng);
      dealAlike({ cells, count }, { given, rng }, { byDealt: pairs, at: pairAt(count, 0) });
      needed -= given;
      left -= marked;
    }
    dealCounts(pooled, { size: needed, total: left, rng }, dealt);
    countPairs(pooled, dealt, pairs);
  };
  const large = Array.from(pooled.keys()).filter((i) => pooled[i] > SMALL);
  return { pairs, pooled, dealt, large, deal };
}

/** How many cells hold each number of values, where that is enough to deal them together. */
function alikeCells(before: readonly number[], now: readonly number[]): Map<number, number> {
  const cells = new Array<number>(SMALL + 1).fill(0);
  before.forEach((count, i) => {
    const both = count + now[i];
    if (both > 0 && both <= SMALL) cells[both]++;
  });
  const alike = new Map<number, number>();
  cells.forEach((many, count) => {
    if (count > 0 && many >= ALIKE_FROM * count) alike.set(count, many);
  });
  return alike;
}

function countPairs(pooled: Float64Array, dealt: Float64Array, pairs: Float64Array): void {
  for (let i = 0; i < pooled.length; i++) {
    const count = pooled[i];
    if (count <= SMALL) pairs[(count * (count + 1)) / 2 + dealt[i]]++;
  }
}

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);
