import type { ColumnProfile, NumberProfile } from '../../contracts/profile.ts';
import type { Rng } from '../../core/rng.ts';
import { momentsOfProfile } from '../profile/number-sums.ts';
import { twoSampleG } from '../tests/counts.ts';
import { tTestOfMoments } from '../tests/t-test.ts';
import type { TestResult } from '../tests/test-result.ts';
import { twoSampleChiSquare } from '../tests/two-sample-chi-square.ts';
import { sumOf } from '../tests/value-runs.ts';
import { binPositions } from './bin-positions.ts';
import { BINNED_TESTS, type BinnedNumbers } from './binned-tests.ts';
import { compareProfiles } from './compare-profiles.ts';
import type { MethodResult } from './compare-samples.ts';
import { discrepancyOfCounts } from './mmd.ts';
import { COUNT_DISTANCES, NAMED_METHODS } from './named-methods.ts';
import { once } from './once.ts';
import { populationStability } from './population-stability.ts';
import { cellsOf } from './profile-cells.ts';
import { wassersteinOfCounts } from './sample-distance.ts';
import { twoCellTest } from './two-cells.ts';
import { type CellPair, distanceTest, unchangedTables } from './unchanged-tables.ts';

/** Every method of raw values has its form of a profile: counts in bins, and the moments of numbers. */
export const PROFILE_METHODS = ['auto', ...NAMED_METHODS] as const;
export type ProfileMethod = (typeof PROFILE_METHODS)[number];

export type ProfilePair = { reference: ColumnProfile; current: ColumnProfile };

/**
 * One column by each method, in order; null where a method does not fit the column or there is too little of it.
 *
 * Exact, as of raw values: `t_test` (moments), `chisquare`, `g_test`, `fisher_exact` and `z` of categories. Of numbers
 * a bin is a value: see `BINNED_TESTS`. Distances (`wasserstein` and `empirical_mmd` of values where `binPositions` puts
 * them, the others of cells) have their p from tables in which nothing changed; those of cells count missing values
 * as a cell of their own, as the chi-square does.
 * Cost: bins x 500 for distances (bins^2 for MMD), whatever the number of values.
 */
export function profileMethods(
  methods: readonly ProfileMethod[],
  pair: ProfilePair,
  rng: Rng,
): MethodResult[] {
  const cells = { before: cellsOf(pair.reference), now: cellsOf(pair.current) };
  const effectSize = populationStability(cells.before, cells.now);
  const numbers = binnedNumbers(pair);
  const drawn = once(() => unchangedTables(cells, rng));
  const drawnValues = once(() =>
    numbers ? unchangedTables({ before: numbers.a, now: numbers.b }, rng) : [],
  );
  return methods.map((method) => {
    const answer = (test: TestResult | null): MethodResult => ({
      method: method === 'auto' ? nameOfAuto(pair) : method,
      ...toldBy(test),
      effectSize,
    });
    if (method in COUNT_DISTANCES)
      return answer(
        effectSize === null ? null : distanceTest(COUNT_DISTANCES[method], cells, drawn()),
      );
    if (PLACED_METHODS.has(method) && !numbers?.values.every(Number.isFinite)) return answer(null);
    if (method === 'wasserstein' || method === 'empirical_mmd')
      return answer(numbers && valueDistanceTest(method, numbers, drawnValues()));
    if (method in BINNED_TESTS) return answer(numbers && BINNED_TESTS[method](numbers));
    return answer(testOf(method, pair, cells));
  });
}

/** Methods that need to know where values are: none where that is beyond what a double holds. */
const PLACED_METHODS = new Set<ProfileMethod>(['wasserstein', 'empirical_mmd', 'es', 'ed']);

/** Nulls where there is no test, or what it is of is too large or too small for doubles. */
function toldBy(test: TestResult | null): Pick<MethodResult, 'statistic' | 'pValue'> {
  const isTold = test && !Number.isNaN(test.statistic) && !Number.isNaN(test.pValue);
  return isTold
    ? { statistic: test.statistic, pValue: test.pValue }
    : { statistic: null, pValue: null };
}

const nameOfAuto = ({ reference }: ProfilePair): string =>
  reference.type === 'number' ? 'combined' : 'chisquare';

function testOf(method: ProfileMethod, pair: ProfilePair, cells: CellPair): TestResult | null {
  const { reference, current } = pair;
  if (method === 'auto') return compareProfiles(reference, current);
  if (method === 'chisquare') return twoSampleChiSquare(cells.before, cells.now);
  if (method === 'g_test') return twoSampleG(cells.before, cells.now);
  if (method === 'fisher_exact' || method === 'z') return twoCellTest(method, reference, current);
  if (reference.type !== 'number' || current.type !== 'number') return null;
  return method === 't_test' ? welchOf(reference, current) : null;
}

function welchOf(reference: NumberProfile, current: NumberProfile): TestResult | null {
  const [before, now] = [momentsOfProfile(reference), momentsOfProfile(current)];
  return before && now && tTestOfMoments(before, now);
}

/** Null of categories, and of numbers without a value in one of the profiles. */
function binnedNumbers({ reference, current }: ProfilePair): BinnedNumbers | null {
  if (reference.type !== 'number' || current.type !== 'number') return null;
  const [a, b] = [reference.counts, current.counts];
  if (sumOf(a) === 0 || sumOf(b) === 0) return null;
  return { a, b, values: binPositions(reference, current) ?? [0] };
}

/** Null where all values are in one bin: there is nothing to tell apart. */
function valueDistanceTest(
  method: 'wasserstein' | 'empirical_mmd',
  { a, b, values }: BinnedNumbers,
  tables: readonly number[][],
): TestResult | null {
  const pooled = a.map((count, i) => count + b[i]);
  if (pooled.filter((count) => count > 0).length < 2) return null;
  const distance =
    method === 'wasserstein'
      ? (before: number[], now: number[]) => wassersteinOfCounts({ values, a: before, b: now }) ?? 0
      : discrepancyOfCounts(values, pooled);
  return distanceTest(distance, { before: a, now: b }, tables);
}
