/** Bernoulli terms B(2k) / (2k (2k-1)), k = 1..8 (Abramowitz and Stegun 6.1.40). */
const TERMS = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
];
/** From here the eight terms are exact to double precision. */
const ASYMPTOTIC_FROM = 12;

/**
 * Error of Stirling's formula: log Gamma(x + 1) - log(sqrt(2 pi x) (x / e)^x), for x > 0.
 * Absolute error about 1e-16 for x >= 12 and 1e-15 below, where it is carried down by recurrence.
 * NaN for NaN and for x < 0; Infinity at 0, 0 at Infinity.
 * Source: C. Loader, Fast and Accurate Computation of Binomial Probabilities (2000).
 */
export function stirlingError(x: number): number {
  if (!(x >= 0)) return Number.NaN;
  let correction = 0;
  let shifted = x;
  while (shifted < ASYMPTOTIC_FROM) {
    correction += (shifted + 0.5) * logAfter(shifted) - 1;
    shifted++;
  }
  const inverseSquare = 1 / (shifted * shifted);
  let sum = 0;
  for (let k = TERMS.length - 1; k >= 0; k--) sum = sum * inverseSquare + TERMS[k];
  return correction + sum / shifted;
}

/** log((x + 1) / x), where 1 / x overflows too. */
const logAfter = (x: number): number => (x < 1e-300 ? -Math.log(x) : Math.log1p(1 / x));

/** log(x / m), where the ratio is no normal double too. */
function logRatio(x: number, m: number): number {
  const ratio = x / m;
  return ratio > 1e-300 && ratio < 1e300 ? Math.log(ratio) : Math.log(x) - Math.log(m);
}

/** Terms of the series of `deviance`, each at most a hundredth of the one before: more change no bit. */
const DEVIANCE_TERMS = 12;

/**
 * Deviance x log(x / m) + m - x, for x >= 0, m > 0, without cancellation where x is near m.
 * NaN where x or m is NaN or below 0; Infinity where one of them is.
 * Source: Loader (2000), `bd0`.
 */
export function deviance(x: number, m: number): number {
  if (!(x >= 0 && m >= 0)) return Number.NaN;
  if (x === 0) return m;
  if (x === Infinity || m === Infinity) return Infinity;
  if (x + m === Infinity) return 4 * deviance(x / 4, m / 4);
  const difference = x - m;
  if (Math.abs(difference) >= 0.1 * (x + m)) return x * logRatio(x, m) - difference;
  const v = difference / (x + m);
  let sum = difference * v;
  let term = 2 * x * v;
  for (let j = 1; j <= DEVIANCE_TERMS; j++) {
    term *= v * v;
    sum += term / (2 * j + 1);
  }
  return sum;
}

const LOG_2_PI = Math.log(2 * Math.PI);

/** log(x^a e^-x / Gamma(a + 1)), the Poisson log density at real a; a >= 0, x > 0. Relative error 1e-15 in its exponential. */
export function logPoissonDensity(a: number, x: number): number {
  if (a === 0) return -x;
  if (x === Infinity) return -Infinity;
  return -stirlingError(a) - deviance(a, x) - 0.5 * (LOG_2_PI + Math.log(a));
}

/**
 * log of the binomial density at real a successes and b failures, p + q = 1 given apart so that
 * neither is lost to rounding: log(Gamma(a+b+1) / (Gamma(a+1) Gamma(b+1)) p^a q^b).
 */
export function logBinomialDensity(counts: { a: number; b: number }, p: number, q: number): number {
  const { a, b } = counts;
  const n = a + b;
  if (a === 0) return b === 0 ? 0 : b * (p < q ? Math.log1p(-p) : Math.log(q));
  if (b === 0) return a * (q < p ? Math.log1p(-q) : Math.log(p));
  return (
    stirlingError(n) -
    stirlingError(a) -
    stirlingError(b) -
    deviance(a, n * p) -
    deviance(b, n * q) +
    0.5 * (Math.log(n) - LOG_2_PI - Math.log(a) - Math.log(b))
  );
}
