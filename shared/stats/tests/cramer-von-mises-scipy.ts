import { standardised } from './cramer-von-mises.ts';
import { cramerVonMisesExact } from './cramer-von-mises-exact.ts';
import { sortedSample, walkTies } from './sorted-sample.ts';
import type { TestResult } from './test-result.ts';

/** Up to this size of the larger sample p is counted exactly. */
const EXACT_UP_TO = 20;

/**
 * `cramerVonMises` as scipy 1.10.1 has it, for its numbers: the same without ties. Tied values count as many times off
 * as there are of them, which makes unequal samples of few values differ whatever they are; the exact p is counted as
 * if there were no ties; and the limit's series is cut at 1e-7, which leaves p wrong below about 1e-7.
 * @returns null when a sample is empty or each has one value
 * Reference implementation: scipy.stats.cramervonmises_2samp 1.10.1 (method 'auto').
 */
export function cramerVonMisesAsScipy(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): TestResult | null {
  const sortedA = sortedSample(a);
  const sortedB = sortedSample(b);
  const n = sortedA.length;
  const m = sortedB.length;
  if (n === 0 || m === 0 || n + m === 2) return null;
  const product = n * m;
  const total = n + m;
  const statistic =
    rankSquares(sortedA, sortedB) / (product * total) - (4 * product - 1) / (6 * total);
  if (Math.max(n, m) <= EXACT_UP_TO)
    return { statistic, pValue: cramerVonMisesExact(statistic, n, m) };
  const standard = standardised(statistic, n, m);
  return standard === null ? null : { statistic, pValue: cutSurvival(standard) };
}

/** U of Anderson: squared distances of ranks in the pooled sample from ranks in the own one. */
function rankSquares(a: Float64Array, b: Float64Array): number {
  let squaresA = 0;
  let squaresB = 0;
  walkTies(a, b, ({ inA, inB, belowA, belowB }) => {
    const rank = belowA + belowB + (inA + inB + 1) / 2;
    for (let i = 1; i <= inA; i++) squaresA += (rank - belowA - i) ** 2;
    for (let j = 1; j <= inB; j++) squaresB += (rank - belowB - j) ** 2;
  });
  return a.length * squaresA + b.length * squaresB;
}

/** Where the series, cut as it is, has long been 1 but for rounding. */
const CERTAIN_FROM = 1e6;

/** 1 - the series of Csorgo and Faraway (1996), ended at the first term below 1e-7. */
function cutSurvival(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x < 0.003) return 1;
  if (x > CERTAIN_FROM) return 0;
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
