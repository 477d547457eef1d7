import { smirnovSurvival } from '../distributions/smirnov-tail.ts';
import { cramerVonMisesExact } from './cramer-von-mises-exact.ts';
import { sortedSample, walkTies } from './sorted-sample.ts';
import type { TestResult } from './test-result.ts';

/** Up to this size of the larger sample, without ties, p is counted exactly. */
const EXACT_UP_TO = 20;

/**
 * Two-sample Cramer-von Mises test: the mean squared distance between the two distribution functions.
 *
 * Definition: T of Anderson (1962) with midranks for ties; p exact where no sample has more than 20 values and there
 * are no ties, else from the limit at T moved to the limit's mean and variance. Under `compatibility: 'scipy'` p is
 * counted exactly with ties too, as if there were none, and the limit's series is cut at 1e-7, which leaves p wrong
 * below about 1e-7.
 * @returns null when a sample is empty or each has one value
 * Source: Anderson (1962), equations 9, 11, 14, 15; reference implementation: scipy.stats.cramervonmises_2samp
 * 1.10.1 (method 'auto').
 */
export function cramerVonMises(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: { compatibility?: 'scipy' } = {},
): TestResult | null {
  const sortedA = sortedSample(a);
  const sortedB = sortedSample(b);
  const n = sortedA.length;
  const m = sortedB.length;
  if (n === 0 || m === 0 || n + m === 2) return null;
  const isScipy = options.compatibility === 'scipy';
  const { squares, hasTies } = rankSquares(sortedA, sortedB);
  const product = n * m;
  const total = n + m;
  const statistic = squares / (product * total) - (4 * product - 1) / (6 * total);
  if (Math.max(n, m) <= EXACT_UP_TO && (isScipy || !hasTies))
    return { statistic, pValue: cramerVonMisesExact(statistic, n, m) };
  const mean = (1 + 1 / total) / 6;
  const variance =
    ((total + 1) * (4 * product * total - 3 * (n * n + m * m) - 2 * product)) /
    (45 * total * total * 4 * product);
  if (!(variance > 0)) return null;
  const standard = 1 / 6 + (statistic - mean) / Math.sqrt(45 * variance);
  const survival = isScipy ? cutSurvival : cramerVonMisesSurvival;
  return { statistic, pValue: survival(standard) };
}

/** U of Anderson: squared distances of ranks in the pooled sample from ranks in the own one. */
function rankSquares(a: Float64Array, b: Float64Array): { squares: number; hasTies: boolean } {
  let squaresA = 0;
  let squaresB = 0;
  let hasTies = false;
  walkTies(a, b, ({ inA, inB, belowA, belowB }) => {
    const rank = belowA + belowB + (inA + inB + 1) / 2;
    for (let i = 1; i <= inA; i++) squaresA += (rank - belowA - i) ** 2;
    for (let j = 1; j <= inB; j++) squaresB += (rank - belowB - j) ** 2;
    if (inA + inB > 1) hasTies = true;
  });
  return { squares: a.length * squaresA + b.length * squaresB, hasTies };
}

/** Chance that the limit of the Cramer-von Mises statistic is above x; weights 1 / (j pi)^2. */
export function cramerVonMisesSurvival(x: number): number {
  if (x < 0.003) return 1;
  return smirnovSurvival(
    x,
    (j) => (j * Math.PI) ** 2 / 2,
    (s) => Math.sin(Math.sqrt(2 * s)) / Math.sqrt(2 * s),
  );
}

/** 1 - the series of Csorgo and Faraway (1996), ended at the first term below 1e-7. */
function cutSurvival(x: number): number {
  if (x < 0.003) return 1;
  let sum = 0;
  let factor = 1 / (Math.PI * Math.sqrt(x));
  for (let k = 0; ; k++) {
    const y = 4 * k + 1;
    const q = (y * y) / (16 * x);
    const term = factor * Math.sqrt(y) * Math.exp(-2 * q) * scaledBesselK(q);
    sum += term;
    if (Math.abs(term) < 1e-7) return Math.max(0, 1 - sum);
    factor *= (k + 0.5) / (k + 1);
  }
}

/** e^q K(1/4, q): the integral of e^(-q (cosh t - 1)) cosh(t / 4) over t > 0, by the trapezoidal rule. */
function scaledBesselK(q: number): number {
  const step = 1 / 64;
  let sum = 0.5;
  for (let i = 1; ; i++) {
    const t = i * step;
    const term = Math.exp(-q * (Math.cosh(t) - 1)) * Math.cosh(t / 4);
    sum += term;
    if (term < sum * 1e-17) return sum * step;
  }
}
