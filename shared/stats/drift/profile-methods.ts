import type { ColumnProfile } from '../../contracts/profile.ts';
import { normal, type Rng, shuffle } from '../../core/rng.ts';
import { kolmogorovSurvival } from '../distributions/kolmogorov.ts';
import { countOf } from '../profile/column-profile.ts';
import { twoSampleG } from '../tests/counts.ts';
import { kolmogorovSmirnovSorted } from '../tests/kolmogorov-smirnov.ts';
import { mannWhitneyOfCounts } from '../tests/mann-whitney.ts';
import { tTestOfMoments } from '../tests/t-test.ts';
import type { TestResult } from '../tests/test-result.ts';
import { twoSampleChiSquare } from '../tests/two-sample-chi-square.ts';
import { compareProfiles } from './compare-profiles.ts';
import type { MethodResult } from './compare-samples.ts';
import { COUNT_DISTANCES } from './named-methods.ts';
import { populationStability } from './population-stability.ts';

/** Methods that need a profile alone: counts in bins, and the moments of numbers. */
export const PROFILE_METHODS = [
  'auto',
  'chisquare',
  'g_test',
  'ks',
  'mannw',
  't_test',
  'psi',
  'kl_div',
  'jensenshannon',
  'hellinger',
  'TVD',
  'l_infinity',
] as const;
export type ProfileMethod = (typeof PROFILE_METHODS)[number];

export type ProfilePair = { reference: ColumnProfile; current: ColumnProfile };

/** Tables without a change that a distance is held against. */
const TABLES = 499;
/** Up to so many values, values are dealt anew; above, cells vary as that would make them, by the normal limit. */
const DEALT_UP_TO = 5000;
/** Up to this size of the larger sample the exact p of Kolmogorov and Smirnov is told. */
const EXACT_UP_TO = 10_000;

/**
 * One column by each method, in order. Bins are values: `ks` and `mannw` see what bins see (ks: its p is an upper
 * bound), `t_test` sees the moments, which are exact. Distances get their p from tables in which nothing changed, and
 * count missing values as a cell of their own, as the chi-square does.
 * Cost: bins x 500 for distances, whatever the number of values.
 */
export function profileMethods(
  methods: readonly ProfileMethod[],
  pair: ProfilePair,
  rng: Rng,
): MethodResult[] {
  const [before, now] = [cellsOf(pair.reference), cellsOf(pair.current)];
  const effectSize = populationStability(before, now);
  let tables: number[][] | null = null;
  return methods.map((method) => {
    if (method in COUNT_DISTANCES && effectSize !== null) {
      tables ??= unchangedTables(before, now, rng);
      return { method, effectSize, ...distanceTest(method, { before, now, tables }) };
    }
    const test = testOf(method, pair);
    const auto = pair.reference.type === 'number' ? 'combined' : 'chisquare';
    return {
      method: method === 'auto' ? auto : method,
      statistic: test?.statistic ?? null,
      pValue: test?.pValue ?? null,
      effectSize,
    };
  });
}

/** Counts in the cells, the missing values last. */
export const cellsOf = ({ counts, missing }: ColumnProfile): number[] => [...counts, missing];

/** Values, mean and squared distances from it, of a profile's values that are not missing. */
export function profileMoments(profile: ColumnProfile & { type: 'number' }) {
  const n = countOf(profile);
  const mean = n === 0 ? 0 : profile.sum / n;
  return { n, mean, squares: Math.max(0, profile.sumSquares - n * mean * mean) };
}

function testOf(method: ProfileMethod, pair: ProfilePair): TestResult | null {
  const { reference, current } = pair;
  const [before, now] = [cellsOf(reference), cellsOf(current)];
  if (method === 'auto') return compareProfiles(reference, current);
  if (method === 'chisquare') return twoSampleChiSquare(before, now);
  if (method === 'g_test') return twoSampleG(before, now, { correction: 'williams' });
  if (reference.type !== 'number' || current.type !== 'number') return null;
  if (method === 'ks') return binnedKolmogorovSmirnov(reference.counts, current.counts);
  if (method === 'mannw') return mannWhitneyOfCounts(reference.counts, current.counts);
  if (method === 't_test')
    return tTestOfMoments(profileMoments(reference), profileMoments(current));
  return null;
}

function binnedKolmogorovSmirnov(a: readonly number[], b: readonly number[]): TestResult | null {
  const [n, m] = [sumOf(a), sumOf(b)];
  if (n === 0 || m === 0) return null;
  if (Math.max(n, m) <= EXACT_UP_TO) return kolmogorovSmirnovSorted(codesOf(a), codesOf(b));
  let gap = 0;
  let statistic = 0;
  for (let i = 0; i < a.length; i++) {
    gap += a[i] / n - b[i] / m;
    statistic = Math.max(statistic, Math.abs(gap));
  }
  return { statistic, pValue: kolmogorovSurvival(statistic * Math.sqrt((n * m) / (n + m))) };
}

type Tables = { before: readonly number[]; now: readonly number[]; tables: readonly number[][] };

/** (1 + tables at least as far apart) / (1 + tables), never 0 (Phipson and Smyth 2010). */
function distanceTest(method: ProfileMethod, { before, now, tables }: Tables): TestResult {
  const distance = COUNT_DISTANCES[method];
  const pooled = before.map((count, i) => count + now[i]);
  const statistic = distance([...before], [...now]);
  let atLeast = 1;
  for (const drawn of tables) {
    const rest = pooled.map((count, i) => count - drawn[i]);
    if (distance(rest, drawn) >= statistic * (1 - 1e-12)) atLeast++;
  }
  return { statistic, pValue: atLeast / (1 + tables.length) };
}

/** Counts of the current sample if its values were dealt at random from both samples together. */
function unchangedTables(before: readonly number[], now: readonly number[], rng: Rng): number[][] {
  const pooled = before.map((count, i) => count + now[i]);
  const [total, m] = [sumOf(pooled), sumOf(now)];
  if (total <= DEALT_UP_TO) {
    const codes = codesOf(pooled);
    return Array.from({ length: TABLES }, () => countFirst(shuffle(codes, rng), m, pooled.length));
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

function countFirst(codes: Float64Array, m: number, cells: number): number[] {
  const counts = new Array<number>(cells).fill(0);
  for (let i = 0; i < m; i++) counts[codes[i]]++;
  return counts;
}

/** Each cell's number as often as it counts, ascending. */
function codesOf(counts: readonly number[]): Float64Array {
  const codes = new Float64Array(sumOf(counts));
  let at = 0;
  counts.forEach((count, code) => {
    codes.fill(code, at, at + count);
    at += count;
  });
  return codes;
}

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
