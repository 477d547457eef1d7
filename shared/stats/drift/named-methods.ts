import type { Rng } from '../../core/rng.ts';
import { binOf } from '../profile/column-profile.ts';
import { numberEdges } from '../profile/number-edges.ts';
import { permutationPValue } from '../resample/permutation.ts';
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
  hellinger,
  jensenShannon,
  kullbackLeibler,
  lInfinity,
  totalVariation,
} from './divergence.ts';
import { countCells, distinctOf } from './evidently-bins.ts';
import { maximumMeanDiscrepancy } from './mmd.ts';
import { populationStability } from './population-stability.ts';
import { numbersOf, type SamplePair } from './sample.ts';
import { energyDistance, wassersteinDistance } from './sample-distance.ts';
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

/** Distances of samples; p by relabelling. */
const NUMBER_DISTANCES: Record<string, (a: Float64Array, b: Float64Array) => number | null> = {
  wasserstein: wassersteinDistance,
  ed: energyDistance,
};

/** Tests of counts in the same cells. */
const COUNT_TESTS: Record<string, (a: number[], b: number[]) => TestResult | null> = {
  chisquare: twoSampleChiSquare,
  g_test: (a, b) => twoSampleG(a, b),
};

/** Distances of counts in the same cells; p by relabelling. Half a count is added where a zero would be infinite. */
export const COUNT_DISTANCES: Record<string, (a: number[], b: number[]) => number> = {
  psi: (a, b) => populationStability(a, b) ?? 0,
  kl_div: (a, b) => kullbackLeibler(smooth(a), smooth(b)),
  jensenshannon: (a, b) => jensenShannon(share(a), share(b)),
  hellinger: (a, b) => hellinger(share(a), share(b)),
  TVD: (a, b) => totalVariation(share(a), share(b)),
  l_infinity: (a, b) => lInfinity(share(a), share(b)),
};

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
 * One method on one raw column: its statistic, and a p that counts both samples' sizes whichever method it is
 * (for distances by relabelling). Null where it does not fit the column's type or the samples are too small.
 */
export function namedMethod(
  method: NamedMethod,
  pair: SamplePair,
  options: Options,
): TestResult | null {
  const numbers = numbersOf(pair);
  if (pair.reference.values.length === 0 || pair.current.values.length === 0) return null;
  if (method in NUMBER_TESTS)
    return numbers && NUMBER_TESTS[method](numbers.reference, numbers.current);
  if (method in NUMBER_DISTANCES) return numbers && distanceTest(method, numbers, options);
  if (method === 'empirical_mmd') return numbers && mmdTest(numbers, options);
  const cells = cellsOf(pair);
  if (method in COUNT_TESTS) return COUNT_TESTS[method](cells.reference, cells.current);
  if (method === 'fisher_exact' || method === 'z')
    return twoCellTest(
      method,
      { counts: cells.reference, missing: pair.reference.missing ?? 0 },
      { counts: cells.current, missing: pair.current.missing ?? 0 },
    );
  return countDistanceTest(method, cells, options);
}

type Numbers = { reference: Float64Array; current: Float64Array };
type Cells = { reference: number[]; current: number[]; codes: [number[], number[]] };

function distanceTest(method: NamedMethod, numbers: Numbers, options: Options): TestResult | null {
  const distance = NUMBER_DISTANCES[method];
  const statistic = distance(numbers.reference, numbers.current);
  if (statistic === null) return null;
  const pValue = permutationPValue(numbers.reference, numbers.current, {
    ...options,
    statistic: (a, b) => distance(a, b) ?? 0,
  });
  return { statistic, pValue };
}

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

function countDistanceTest(method: NamedMethod, cells: Cells, options: Options): TestResult | null {
  const distance = COUNT_DISTANCES[method];
  const size = cells.reference.length;
  const count = (codes: Float64Array): number[] => {
    const counts = new Array<number>(size).fill(0);
    for (const code of codes) counts[code]++;
    return counts;
  };
  const pValue = permutationPValue(cells.codes[0], cells.codes[1], {
    ...options,
    statistic: (a, b) => distance(count(a), count(b)),
  });
  return { statistic: distance(cells.reference, cells.current), pValue };
}

/** Counts in twenty bins of equal pooled count, or by category; and each value's cell. */
function cellsOf(pair: SamplePair): Cells {
  const numbers = numbersOf(pair);
  if (numbers) {
    const edges = numberEdges([...numbers.reference, ...numbers.current]);
    const code = (values: Float64Array): number[] => Array.from(values, (x) => binOf(edges, x));
    return fromCodes([code(numbers.reference), code(numbers.current)], edges.length + 1);
  }
  const cells = distinctOf(pair);
  const index = new Map(cells.map((cell, i) => [cell, i]));
  const code = (values: Iterable<string | number>): number[] =>
    Array.from(values, (value) => index.get(String(value))!);
  return {
    reference: countCells(pair.reference, cells),
    current: countCells(pair.current, cells),
    codes: [code(pair.reference.values), code(pair.current.values)],
  };
}

function fromCodes(codes: [number[], number[]], size: number): Cells {
  const count = (values: number[]): number[] => {
    const counts = new Array<number>(size).fill(0);
    for (const value of values) counts[value]++;
    return counts;
  };
  return { reference: count(codes[0]), current: count(codes[1]), codes };
}

const smooth = (counts: number[]): number[] => share(counts.map((count) => count + 0.5));

function share(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / total);
}
