import { logBinomialDensity } from '../special/stirling-error.ts';

/** Up to this n the matrix power is used wherever one-sided chances would count paths twice. */
const SMALL = 140;
/** Up to this n one-sided chances are summed, beyond they are expanded. */
const SUMMED_UP_TO = 200_000;

/**
 * Chance that the largest distance between a continuous distribution function and the empirical one of n values is
 * above x, two-sided (`kstwo`).
 *
 * Definition: twice the one-sided chance where leaving the band on both sides is too unlikely to count (n x^2 >= 4, or
 * >= 2.2 of more than 140 values); else 1 less the chance to stay within: Durbin's matrix power where n or x is small,
 * the expansion by Pelz and Good in 1 / sqrt(n) elsewhere.
 * @param n whole, >= 1
 * Cost: O(n) in the tail up to n = 200,000, else O(1); the matrix at worst 40 ms.
 * Source: Simard and L'Ecuyer, Computing the two-sided Kolmogorov-Smirnov distribution (2011); reference
 * implementation: scipy.stats.kstwo 1.10.1.
 */
export function finiteKolmogorovSurvival(x: number, n: number): number {
  if (Number.isNaN(x) || !(Number.isInteger(n) && n >= 1)) return Number.NaN;
  if (x >= 1) return 0;
  if (n * x <= 0.5) return 1;
  const square = n * x * x;
  if (square >= (n <= SMALL ? 4 : 2.2) || x >= 0.5) return Math.min(1, 2 * oneSidedSurvival(x, n));
  const isMatrix = n <= SMALL || (n <= 100_000 && n * x ** 1.5 <= 1.4);
  const within = isMatrix ? matrixCdf(x, n) : expandedCdf(x, n);
  return Math.min(1, Math.max(0, 1 - within));
}

/**
 * Chance of a one-sided distance above x. Source: Smirnov (1944), summed; beyond 200,000 values Li-Chien (1956) in
 * 1 / sqrt(n).
 */
function oneSidedSurvival(x: number, n: number): number {
  if (n > SUMMED_UP_TO) return expandedOneSided(x * Math.sqrt(n), n);
  let sum = 0;
  const last = Math.floor(n * (1 - x));
  for (let j = 0; j <= last; j++) {
    const p = x + j / n;
    const q = 1 - x - j / n;
    if (q <= 0) break;
    sum += (x / p) * Math.exp(logBinomialDensity({ a: j, b: n - j }, p, q));
  }
  return sum;
}

function expandedOneSided(z: number, n: number): number {
  const square = z * z;
  const root = Math.sqrt(n);
  const first = (2 * z) / (3 * root);
  const second = ((2 * square) / (3 * n)) * (1 - (2 * square) / 3);
  const third = ((4 * z) / (9 * n * root)) * (0.2 - (19 * square) / 15 + (2 * square * square) / 3);
  return Math.exp(-2 * square) * Math.max(0, 1 - first + second + third);
}

/** Source: Durbin (1973); Marsaglia, Tsang and Wang (2003). */
function matrixCdf(x: number, n: number): number {
  const k = Math.ceil(n * x);
  const size = 2 * k - 1;
  const { values, exponent } = matrixPower(durbinMatrix(size, k - n * x), size, n);
  let chance = values[(k - 1) * size + k - 1];
  let scale = exponent;
  for (let i = 1; i <= n; i++) {
    chance *= i / n;
    if (chance < 1e-140) {
      chance *= 1e140;
      scale -= 140;
    }
  }
  return chance * 10 ** scale;
}

function durbinMatrix(size: number, h: number): Float64Array {
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < Math.min(size, i + 2); j++) matrix[i * size + j] = 1;
  for (let i = 0; i < size; i++) {
    matrix[i * size] -= h ** (i + 1);
    matrix[(size - 1) * size + i] -= h ** (size - i);
  }
  if (2 * h > 1) matrix[(size - 1) * size] += (2 * h - 1) ** size;
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) for (let g = 1; g <= i - j + 1; g++) matrix[i * size + j] /= g;
  return matrix;
}

type Scaled = { values: Float64Array; exponent: number };

function matrixPower(matrix: Float64Array, size: number, n: number): Scaled {
  if (n === 1) return { values: matrix, exponent: 0 };
  const half = matrixPower(matrix, size, n >> 1);
  let values = product(half.values, half.values, size);
  let exponent = 2 * half.exponent;
  if (n % 2) values = product(matrix, values, size);
  const middle = (size >> 1) * (size + 1);
  if (values[middle] > 1e140) {
    values = values.map((value) => value * 1e-140);
    exponent += 140;
  }
  return { values, exponent };
}

function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let k = 0; k < size; k++) {
      const factor = a[i * size + k];
      if (factor === 0) continue;
      for (let j = 0; j < size; j++) result[i * size + j] += factor * b[k * size + j];
    }
  return result;
}

/** K0 + K1 / sqrt(n) + K2 / n + K3 / n^1.5, each in the form that converges for small z. Source: Pelz and Good (1976). */
function expandedCdf(x: number, n: number): number {
  const z = Math.sqrt(n) * x;
  const [z2, z4, z6] = [z ** 2, z ** 4, z ** 6];
  const pi2 = Math.PI ** 2;
  const sums = [0, 0, 0, 0];
  const most = Math.ceil((16 * z) / Math.PI);
  for (let k = most; k >= 1; k--) {
    const odd = pi2 * (2 * k - 1) ** 2;
    const weight = Math.exp(-odd / (8 * z2));
    sums[0] += weight;
    sums[1] += weight * (odd / 4 - z2);
    sums[2] +=
      weight * (6 * z6 + 2 * z4 + ((2 * z4 - 5 * z2) * odd) / 4 + ((1 - 2 * z2) * odd ** 2) / 16);
    sums[3] +=
      weight *
      (((5 - 30 * z2) * odd ** 3) / 64 +
        ((212 * z4 - 60 * z2) * odd ** 2) / 16 +
        ((135 * z4 - 96 * z6) * odd) / 4 -
        30 * z6 -
        90 * z ** 8);
  }
  const even = [0, 0];
  for (let k = most; k >= 1; k--) {
    const square = pi2 * k * k;
    const weight = Math.exp(-square / (2 * z2));
    even[0] += weight * square;
    even[1] += weight * square * (3 * z2 - square);
  }
  const root = Math.sqrt(n);
  const [k0, k1] = [sums[0] / z, sums[1] / (6 * z4)];
  const k2 = sums[2] / (72 * z ** 7) - even[0] / (36 * z ** 3);
  const k3 = sums[3] / (6480 * z ** 10) + even[1] / (216 * z6);
  return Math.sqrt(2 * Math.PI) * (k0 + k1 / root + k2 / n + k3 / (n * root));
}
