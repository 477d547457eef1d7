import type { Rng } from '../../core/rng.ts';
import {
  COUNT_DISTANCE_TERMS,
  type CountDistance,
  type CountDistanceName,
  distanceOfCounts,
  sizesOf,
  type TableSizes,
} from './count-distances.ts';
import { type DealtTable, dealtTable, PAIRS, pairAt, SMALL } from './dealt-table.ts';

const NAMES = Object.keys(COUNT_DISTANCE_TERMS) as CountDistanceName[];

export type DistanceTest = { statistic: number; pValue: number };

/**
 * Every distance of two samples in the same cells with its p: the share of random divisions of the values into two
 * such samples that are at least as far apart, the one seen among them (never 0; Phipson and Smyth 2010). All
 * distances look at the same divisions.
 * Cost: `permutations` deals of the values. Cells with the same count in both samples add the same, so rare
 * categories are dealt and counted together: 100,000 of them cost no more than some hundreds.
 */
export function relabelledDistances(
  before: readonly number[],
  now: readonly number[],
  { permutations, rng }: { permutations: number; rng: Rng },
): Record<CountDistanceName, DistanceTest> {
  const table = dealtTable(before, now);
  const measure = measureOf(table, sizesOf(before, now));
  const seen = measure();
  const atLeast = NAMES.map(() => 1);
  for (let i = 0; i < permutations; i++) {
    table.deal(rng);
    measure().forEach((distance, j) => {
      if (distance >= seen[j] * (1 - 1e-12)) atLeast[j]++;
    });
  }
  const tests = NAMES.map((name, j) => {
    const statistic = distanceOfCounts(COUNT_DISTANCE_TERMS[name], before, now);
    return [name, { statistic, pValue: atLeast[j] / (1 + permutations) }] as const;
  });
  return Object.fromEntries(tests) as Record<CountDistanceName, DistanceTest>;
}

/** All distances of the division that is in the table now, in the order of NAMES. */
function measureOf(table: DealtTable, sizes: TableSizes): () => number[] {
  const { pairs, pooled, dealt, large } = table;
  const terms = NAMES.map((name) => COUNT_DISTANCE_TERMS[name].term(sizes));
  const ofPairs = terms.map(pairTerms);
  return () =>
    NAMES.map((name, j) => {
      const { isLargest, finish }: CountDistance = COUNT_DISTANCE_TERMS[name];
      let sum = sumOfPairs(pairs, ofPairs[j], isLargest === true);
      for (const i of large) {
        const part = terms[j](dealt[i], pooled[i] - dealt[i]);
        sum = isLargest ? Math.max(sum, part) : sum + part;
      }
      return finish ? finish(sum) : sum;
    });
}

function pairTerms(term: (a: number, b: number) => number): Float64Array {
  const values = new Float64Array(PAIRS);
  for (let count = 1; count <= SMALL; count++)
    for (let a = 0; a <= count; a++) values[pairAt(count, a)] = term(a, count - a);
  return values;
}

function sumOfPairs(pairs: Float64Array, terms: Float64Array, isLargest: boolean): number {
  let sum = 0;
  for (let at = 0; at < pairs.length; at++) {
    if (pairs[at] === 0) continue;
    sum = isLargest ? Math.max(sum, terms[at]) : sum + pairs[at] * terms[at];
  }
  return sum;
}
