import type { Rng } from '../../core/rng.ts';
import { binOf } from '../profile/column-profile.ts';
import { numberEdges } from '../profile/number-edges.ts';
import { andersonDarling } from '../tests/anderson-darling.ts';
import { twoSampleG } from '../tests/counts.ts';
import { cramerVonMises } from '../tests/cramer-von-mises.ts';
import { eppsSingleton } from '../tests/epps-singleton.ts';
import { kolmogorovSmirnov } from '../tests/kolmogorov-smirnov.ts';
import { mannWhitney } from '../tests/mann-whitney.ts';
import { tTest } from '../tests/t-test.ts';
import type { TestResult } from '../tests/test-result.ts';
import { twoSampleChiSquare } from '../tests/two-sample-chi-square.ts';
import {
  COUNT_DISTANCE_TERMS,
  type CountDistanceName,
  distanceOfCounts,
} from './count-distances.ts';
import { maximumMeanDiscrepancy } from './mmd.ts';
import { once } from './once.ts';
import { relabelledDistances } from './relabelled-counts.ts';
import { relabelledNumbers } from './relabelled-numbers.ts';
import { numbersOf, type SamplePair } from './sample.ts';
import { twoCellTest } from './two-cells.ts';

/** Tests of two samples of numbers that have a distribution of their own. */
const NUMBER_TESTS: Record<string, (a: Float64Array, b: Float64Array) => TestResult | null> = {
  ks: kolmogorovSmirnov,
  anderson: andersonDarling,
  cramer_von_mises: cramerVonMises,
  es: eppsSingleton,
  mannw: mannWhitney,
  t_test: tTest,
};

/** Tests of counts in the same cells. */
const COUNT_TESTS: Record<string, (a: number[], b: number[]) => TestResult | null> = {
  chisquare: twoSampleChiSquare,
  g_test: (a, b) => twoSampleG(a, b),
};

/** Distances of counts in the same cells; p by relabelling. Half a count is added where a zero would be infinite. */
export const COUNT_DISTANCES: Record<string, (a: number[], b: number[]) => number> =
  Object.fromEntries(
    Object.entries(COUNT_DISTANCE_TERMS).map(([name, distance]) => [
      name,
      (a: number[], b: number[]) => distanceOfCounts(distance, a, b),
    ]),
  );

export const NAMED_METHODS = [
  'ks',
  'anderson',
  'cramer_von_mises',
  'es',
  'mannw',
  't_test',
  'wasserstein',
  'ed',
  'empirical_mmd',
  'chisquare',
  'g_test',
  'fisher_exact',
  'z',
  'psi',
  'kl_div',
  'jensenshannon',
  'hellinger',
  'TVD',
  'l_infinity',
] as const;
export type NamedMethod = (typeof NAMED_METHODS)[number];

type Options = { permutations: number; rng: Rng };

/**
 * Methods on one raw column: a statistic each, and a p that counts both samples' sizes whichever method it is (for
 * distances by relabelling). What several need (sorted values, cells, relabelled tables) is made once, by the first.
 * @returns a function of the method; null where it does not fit the column's type or the samples are too small
 */
export function columnMethods(
  pair: SamplePair,
  options: Options,
): (method: NamedMethod) => TestResult | null {
  const numbers = numbersOf(pair);
  const cells = once(() => cellsOf(pair));
  const distances = once(() => relabelledDistances(cells().reference, cells().current, options));
  const moved = once(
    () => numbers && relabelledNumbers(numbers.reference, numbers.current, options),
  );
  const twoCells = (method: 'fisher_exact' | 'z'): TestResult | null =>
    twoCellTest(
      method,
      { counts: cells().reference, missing: pair.reference.missing ?? 0 },
      { counts: cells().current, missing: pair.current.missing ?? 0 },
    );
  return (method) => {
    if (pair.reference.values.length === 0 || pair.current.values.length === 0) return null;
    if (method in NUMBER_TESTS)
      return numbers && NUMBER_TESTS[method](numbers.reference, numbers.current);
    if (method === 'wasserstein' || method === 'ed') return moved()?.[method] ?? null;
    if (method === 'empirical_mmd') return numbers && mmdTest(numbers, options);
    if (method in COUNT_TESTS) return COUNT_TESTS[method](cells().reference, cells().current);
    if (method === 'fisher_exact' || method === 'z') return twoCells(method);
    return method in COUNT_DISTANCE_TERMS ? distances()[method as CountDistanceName] : null;
  };
}

/** `columnMethods` of one method. */
export const namedMethod = (
  method: NamedMethod,
  pair: SamplePair,
  options: Options,
): TestResult | null => columnMethods(pair, options)(method);

type Numbers = { reference: Float64Array; current: Float64Array };
type Cells = { reference: number[]; current: number[] };

/** Rows of each sample that MMD looks at. */
const MMD_ROWS = 300;

function mmdTest({ reference, current }: Numbers, options: Options): TestResult | null {
  const rows = (values: Float64Array): number[][] => {
    const every = Math.max(1, Math.ceil(values.length / MMD_ROWS));
    return Array.from(
      values.filter((_, i) => i % every === 0),
      (value) => [value],
    );
  };
  return maximumMeanDiscrepancy(rows(reference), rows(current), options);
}

/** Counts in twenty bins of equal pooled count, or by category. */
function cellsOf(pair: SamplePair): Cells {
  const numbers = numbersOf(pair);
  if (!numbers) return categoryCounts(pair);
  const { reference, current } = numbers;
  const both = new Float64Array(reference.length + current.length);
  both.set(reference);
  both.set(current, reference.length);
  const edges = numberEdges(both);
  const count = (values: Float64Array): number[] => {
    const counts = new Array<number>(edges.length + 1).fill(0);
    for (let i = 0; i < values.length; i++) counts[binOf(edges, values[i])]++;
    return counts;
  };
  return { reference: count(reference), current: count(current) };
}

/** Each category's counts, in the order of their names. */
function categoryCounts(pair: SamplePair): Cells {
  const counts = new Map<string, [number, number]>();
  [pair.reference, pair.current].forEach(({ values }, sample) => {
    for (const value of values) {
      const name = String(value);
      const known = counts.get(name);
      if (known) known[sample]++;
      else counts.set(name, sample === 0 ? [1, 0] : [0, 1]);
    }
  });
  const inOrder = [...counts.keys()].sort().map((name) => counts.get(name)!);
  return { reference: inOrder.map(([count]) => count), current: inOrder.map(([, count]) => count) };
}
