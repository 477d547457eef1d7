import type { Rng } from '../../core/rng.ts';
import { chiSquareSurvival } from '../distributions/chi-square.ts';
import { momentsOf } from '../moments.ts';
import { andersonDarling } from '../tests/anderson-darling.ts';
import { fisherExact, goodnessOfFit, proportionsZ } from '../tests/counts.ts';
import { cramerVonMisesAsScipy } from '../tests/cramer-von-mises-scipy.ts';
import { eppsSingleton } from '../tests/epps-singleton.ts';
import { kolmogorovSmirnov } from '../tests/kolmogorov-smirnov.ts';
import { mannWhitney } from '../tests/mann-whitney.ts';
import { tTest } from '../tests/t-test.ts';
import { hellinger, jensenShannon, kullbackLeibler } from './divergence.ts';
import {
  countCells,
  distinctOf,
  evidentlyShares,
  fillZeros,
  histogram,
  sturgesEdges,
} from './evidently-bins.ts';
import type { EvidentlyMethod } from './evidently-methods.ts';
import { maximumMeanDiscrepancy } from './mmd.ts';
import { relabelledDistances } from './relabelled-counts.ts';
import { numbersOf, type SamplePair } from './sample.ts';
import { energyDistance, wassersteinDistance } from './sample-distance.ts';

/**
 * The score that Evidently 0.7.21 gives for one column, its oddities included: chi-square and G take the
 * reference as an exact population, Mann-Whitney is one-sided, PSI, KL and Jensen-Shannon bin both samples
 * together, Wasserstein is in units of the reference's deviation. For comparison with its reports; verdicts of
 * the product come from `compareColumn`.
 * @param rng for the two permutation methods (100 relabellings of the first 200 rows; 1,000 relabellings)
 * @returns null where Evidently raises, where it says NaN, or where the method does not fit the column's type
 */
export function evidentlyScore(method: EvidentlyMethod, pair: SamplePair, rng: Rng): number | null {
  const numbers = COUNT_METHODS.has(method) ? null : numbersOf(pair);
  const score = numbers ? numberScore(method, numbers, rng) : categoryScore(method, pair, rng);
  return Number.isNaN(score) ? null : score;
}

/** Methods that count values even where they are numbers. */
const COUNT_METHODS = new Set<EvidentlyMethod>(['chisquare', 'fisher_exact', 'g_test', 'TVD', 'z']);

type Numbers = { reference: Float64Array; current: Float64Array };

function numberScore(
  method: EvidentlyMethod,
  { reference, current }: Numbers,
  rng: Rng,
): number | null {
  switch (method) {
    case 'ks':
      return kolmogorovSmirnov(reference, current)?.pValue ?? null;
    case 'anderson':
      return andersonDarling(reference, current, { compatibility: 'scipy' })?.pValue ?? null;
    case 'cramer_von_mises':
      return cramerVonMisesAsScipy(reference, current)?.pValue ?? null;
    case 'ed':
      return energyDistance(reference, current);
    case 'es':
      return eppsSingleton(reference, current, { compatibility: 'scipy' })?.pValue ?? null;
    case 'mannw':
      return mannWhitney(reference, current, 'less')?.pValue ?? null;
    case 't_test':
      return tTest(reference, current, { isPooled: true })?.pValue ?? null;
    case 'wasserstein':
      return normedWasserstein({ reference, current });
    case 'empirical_mmd':
      return rowMmd({ reference, current }, rng);
    case 'hellinger':
      return densityHellinger({ reference, current });
    default:
      return shareScore(method, {
        reference: { type: 'number', values: reference },
        current: { type: 'number', values: current },
      });
  }
}

function shareScore(method: EvidentlyMethod, pair: SamplePair): number | null {
  const { reference, current } = evidentlyShares(pair);
  const [p, q] = [fillZeros(reference), fillZeros(current)];
  switch (method) {
    case 'psi':
      return p.reduce((sum, share, i) => sum + (share - q[i]) * Math.log(share / q[i]), 0);
    case 'kl_div':
      return kullbackLeibler(renormalise(p), renormalise(q));
    case 'jensenshannon':
      return jensenShannon(reference, current);
    default:
      return null;
  }
}

/** What scipy.stats.entropy does to its arguments. */
function renormalise(shares: readonly number[]): number[] {
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}

function categoryScore(method: EvidentlyMethod, pair: SamplePair, rng: Rng): number | null {
  const cells = distinctOf(pair);
  const reference = countCells(pair.reference, cells);
  const current = countCells(pair.current, cells);
  const n = pair.reference.values.length;
  const m = pair.current.values.length;
  const [a, b] = [
    { events: reference[0], n },
    { events: current[0], n: m },
  ];
  switch (method) {
    case 'chisquare':
      return (
        goodnessOfFit(
          current,
          reference.map((count) => (count * m) / n),
        )?.pValue ?? null
      );
    case 'g_test':
      return populationG(current, reference);
    case 'z':
      return proportionsZ(a, b)?.pValue ?? null;
    case 'fisher_exact':
      return cells.length > 2 ? null : (fisherExact(a, b)?.pValue ?? null);
    case 'TVD':
      return relabelledDistances(reference, current, { permutations: TVD_PERMUTATIONS, rng }).TVD
        .pValue;
    case 'hellinger':
      return hellinger(
        reference.map((count) => count / n),
        current.map((count) => count / m),
      );
    default:
      return shareScore(method, pair);
  }
}

/** The G statistic against reference counts that are not scaled to the current size. */
function populationG(current: readonly number[], reference: readonly number[]): number {
  const terms = current.map((count, i) =>
    count === 0 ? 0 : count * Math.log(count / reference[i]),
  );
  const statistic = 2 * terms.reduce((sum, term) => sum + term, 0);
  return chiSquareSurvival(Math.max(0, statistic), current.length - 1);
}

function normedWasserstein({ reference, current }: Numbers): number | null {
  const distance = wassersteinDistance(reference, current);
  const { n, squares } = momentsOf(reference);
  return distance === null ? null : distance / Math.max(Math.sqrt(squares / n), 0.001);
}

/** Rows that the permutation methods look at, and how often they relabel them. */
const MMD_ROWS = 200;
const MMD_PERMUTATIONS = 100;
const TVD_PERMUTATIONS = 1000;

function rowMmd({ reference, current }: Numbers, rng: Rng): number | null {
  const rows = (values: Float64Array): number[][] =>
    Array.from(values.subarray(0, MMD_ROWS), (value) => [value]);
  const options = { permutations: MMD_PERMUTATIONS, rng };
  return maximumMeanDiscrepancy(rows(reference), rows(current), options)?.pValue ?? null;
}

/** Hellinger distance of densities in Sturges bins of the DISTINCT values, integrated over the bins. */
function densityHellinger({ reference, current }: Numbers): number | null {
  if (reference.length === 0 || current.length === 0) return null;
  const edges = sturgesEdges([...new Set([...reference, ...current])]);
  const p = histogram(reference, edges);
  const q = histogram(current, edges);
  return hellinger(
    p.map((count) => count / reference.length),
    q.map((count) => count / current.length),
  );
}
