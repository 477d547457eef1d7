/**
 * Chance that a weighted sum of independent chi-square(1) variables with weights w1 > w2 > ... is above x:
 * 1/pi sum over k of (-1)^(k-1) times the integral from m(2k-1) to m(2k) of e^(-x s) / (s sqrt|D(s)|) ds,
 * m(j) = 1 / (2 w(j)) and D(s) = product of (1 - s / m(j)). Right relative to itself in the upper tail.
 * @param poles m(j), j from 1, ascending; Infinity after the last where there are finitely many weights
 * @param determinant D(s), which changes sign at each pole
 * Source: Smirnov (1937); the square-root ends are removed by Gauss-Chebyshev quadrature.
 */
export function smirnovSurvival(
  x: number,
  poles: (j: number) => number,
  determinant: (s: number) => number,
): number {
  if (x <= 0) return 1;
  let sum = 0;
  for (let k = 1; k < 200; k++) {
    const [low, high] = [poles(2 * k - 1), poles(2 * k)];
    if (low === Infinity) break;
    const term =
      high === Infinity ? lastIntegral(x, low, determinant) : integral(x, [low, high], determinant);
    sum += k % 2 ? term : -term;
    if (term <= Math.abs(sum) * 1e-17) break;
  }
  return Math.min(1, Math.max(0, sum / Math.PI));
}

function integral(
  x: number,
  [low, high]: readonly [number, number],
  determinant: (s: number) => number,
): number {
  const half = (high - low) / 2;
  const middle = low + half;
  const nodes = nodesFor(x * half);
  let sum = 0;
  for (let i = 0; i < nodes; i++) {
    const angle = ((i + 0.5) * Math.PI) / nodes;
    const s = middle + half * Math.cos(angle);
    const weight = half * Math.sin(angle);
    sum += (weight * Math.exp(-x * s)) / (s * Math.sqrt(Math.abs(determinant(s))));
  }
  return (sum * Math.PI) / nodes;
}

/** Enough nodes of the Gauss-Chebyshev rule for 1e-14 where the integrand falls by e^(2 decay). */
const nodesFor = (decay: number): number => Math.min(2000, Math.ceil(48 + 6 * Math.sqrt(decay)));

/** From the last pole on, s = low + t^2 / x: the trapezoidal rule between its points, which sees no end. */
function lastIntegral(x: number, low: number, determinant: (s: number) => number): number {
  const step = 1 / 16;
  let sum = 0;
  for (let t = step / 2; t < 6; t += step) {
    const s = low + (t * t) / x;
    sum += (t * Math.exp(-x * s)) / (s * Math.sqrt(Math.abs(determinant(s))));
  }
  return (2 * step * sum) / x;
}
