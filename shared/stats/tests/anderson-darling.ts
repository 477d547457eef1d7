import { smirnovSurvival } from '../distributions/smirnov-tail.ts';
import { sortedSample, walkTies } from './sorted-sample.ts';
import type { TestResult } from './test-result.ts';

/** Levels of the table by Scholz and Stephens (1987) and its critical values for two samples. */
const LEVELS = [0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.001];
const CRITICAL = [
  [0.675, -0.245, -0.105],
  [1.281, 0.25, -0.305],
  [1.645, 0.678, -0.362],
  [1.96, 1.149, -0.391],
  [2.326, 1.822, -0.396],
  [2.573, 2.364, -0.345],
  [3.085, 3.615, -0.154],
].map(([b0, b1, b2]) => b0 + b1 + b2);

/**
 * Two-sample Anderson-Darling test: like Cramer-von Mises, weighted so that the tails count as much as the middle.
 *
 * Definition: A2 of Scholz and Stephens (1987), midranks for ties; `statistic` is A2 standardised by its exact
 * mean and deviation. p from the limit distribution of A2, right in the tails; under `compatibility: 'scipy'`
 * the p interpolated in the paper's table, cut to [0.001, 0.25].
 * @returns null when a sample is empty, there are fewer than 4 values or all are equal
 * Reference implementation: scipy.stats.anderson_ksamp 1.10.1.
 */
export function andersonDarling(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: { compatibility?: 'scipy' } = {},
): TestResult | null {
  const sortedA = sortedSample(a);
  const sortedB = sortedSample(b);
  const n = sortedA.length;
  const m = sortedB.length;
  const total = n + m;
  if (n === 0 || m === 0 || total < 4) return null;
  let sumA = 0;
  let sumB = 0;
  let distinct = 0;
  walkTies(sortedA, sortedB, ({ inA, inB, belowA, belowB }) => {
    const tied = inA + inB;
    const below = belowA + belowB + tied / 2;
    const weight = tied / total / (below * (total - below) - (total * tied) / 4);
    distinct++;
    if (!Number.isFinite(weight)) return;
    sumA += weight * (total * (belowA + inA / 2) - below * n) ** 2;
    sumB += weight * (total * (belowB + inB / 2) - below * m) ** 2;
  });
  if (distinct < 2) return null;
  const squared = ((sumA / n + sumB / m) * (total - 1)) / total;
  const statistic = (squared - 1) / Math.sqrt(varianceOf(n, m));
  const pValue =
    options.compatibility === 'scipy' ? tableP(statistic) : andersonDarlingSurvival(squared);
  return { statistic, pValue };
}

/** Chance that the limit of A2 is above x; weights 1 / (j (j + 1)). */
export function andersonDarlingSurvival(x: number): number {
  return smirnovSurvival(
    x,
    (j) => (j * (j + 1)) / 2,
    (s) => Math.cos((Math.PI / 2) * Math.sqrt(1 + 8 * s)) / (-2 * Math.PI * s),
  );
}

/** Exact variance of A2 for two samples (Scholz and Stephens 1987, equation 4). */
function varianceOf(n: number, m: number): number {
  const total = n + m;
  const inverse = 1 / n + 1 / m;
  let h = 0;
  let g = 0;
  for (let i = total - 1; i >= 1; i--) {
    if (i > 1) g += (h + 1 / i) / (total - i + 1);
    h += 1 / i;
  }
  const a = 4 * g - 6 + (10 - 6 * g) * inverse;
  const b = (2 * g - 4) * 4 + 16 * h + (2 * g - 14 * h - 4) * inverse - 8 * h + 4 * g - 6;
  const c = (6 * h + 2 * g - 2) * 4 + (4 * h - 4 * g + 6) * 2 + (2 * h - 6) * inverse + 4 * h;
  const d = (2 * h + 6) * 4 - 8 * h;
  return (
    (a * total ** 3 + b * total ** 2 + c * total + d) / ((total - 1) * (total - 2) * (total - 3))
  );
}

function tableP(statistic: number): number {
  if (statistic < CRITICAL[0]) return LEVELS[0];
  if (statistic > CRITICAL[CRITICAL.length - 1]) return LEVELS[LEVELS.length - 1];
  const [constant, linear, square] = quadraticFit(
    CRITICAL,
    LEVELS.map((level) => Math.log(level)),
  );
  return Math.exp(constant + statistic * (linear + statistic * square));
}

/** Least-squares parabola through points, by orthogonal polynomials on the centred abscissa. */
function quadraticFit(x: readonly number[], y: readonly number[]): [number, number, number] {
  const n = x.length;
  const mean = x.reduce((sum, value) => sum + value, 0) / n;
  const u = x.map((value) => value - mean);
  const power = (p: number): number => u.reduce((sum, value) => sum + value ** p, 0);
  const shift = power(3) / power(2);
  const spread = power(2) / n;
  const q = u.map((value) => value * value - shift * value - spread);
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, i) => sum + value * b[i], 0);
  const c0 = y.reduce((sum, value) => sum + value, 0) / n;
  const c1 = dot(u, y) / power(2);
  const c2 = dot(q, y) / dot(q, q);
  const linear = c1 - c2 * shift;
  return [c0 - c2 * spread - linear * mean + c2 * mean * mean, linear - 2 * c2 * mean, c2];
}
