/** The density of a count beyond the middle of its distribution, and how it falls. */
export type OneSidedDensity = {
  from: number;
  /** 1: upward, -1: downward. */
  step: 1 | -1;
  /** Counts after `from` that have a density. */
  steps: number;
  /** Standard deviation of the count. */
  deviation: number;
  /** At a real count. */
  density: (k: number) => number;
  /** Of the density one step on to that at k. */
  ratio: (k: number) => number;
};

/** From this deviation on densities are integrated, not added. */
const INTEGRATED_FROM = 10_000;
/** A part below this share of the sum ends it. */
const NEGLIGIBLE = 1e-17;

/**
 * Sum of the densities of counts from one on outward, right relative to itself.
 *
 * Definition: term by term; of wide distributions the integral from half a step before the first count (midpoint rule,
 * whose next term, of the slope there, is added; the one after is 1e-13 of the sum).
 * Cost: O(deviation), O(1) where it is above 10,000.
 */
export function sumOfDensities(tail: OneSidedDensity): number {
  const { from, step, steps, deviation, density, ratio } = tail;
  if (deviation >= INTEGRATED_FROM && steps > deviation) return integralOf(tail);
  let term = density(from);
  let sum = term;
  for (let i = 0; i < steps && term > sum * NEGLIGIBLE; i++) {
    term *= ratio(from + step * i);
    sum += term;
  }
  return Math.min(1, sum);
}

/** Abscissas in (0, 1) and weights of Gauss and Legendre's rule of 16 points on [-1, 1]. */
const GAUSS: readonly (readonly [number, number])[] = [
  [0.09501250983763744, 0.1894506104550685],
  [0.2816035507792589, 0.1826034150449236],
  [0.45801677765722737, 0.16915651939500254],
  [0.6178762444026438, 0.14959598881657674],
  [0.755404408355003, 0.12462897125553388],
  [0.8656312023878318, 0.09515851168249279],
  [0.9445750230732326, 0.062253523938647894],
  [0.9894009349916499, 0.027152459411754096],
];

function integralOf({ from, step, steps, deviation, density }: OneSidedDensity): number {
  const start = from - step / 2;
  const width = deviation / 2;
  let sum = 0;
  for (let at = 0; at < steps; at += width) {
    const half = Math.min(width, steps - at) / 2;
    let part = 0;
    for (const [abscissa, weight] of GAUSS)
      for (const sign of [-1, 1])
        part += weight * density(start + step * (at + half + sign * abscissa * half));
    sum += part * half;
    if (part * half <= sum * NEGLIGIBLE) break;
  }
  const slope = density(from) - density(from - step);
  return Math.min(1, Math.max(0, sum + slope / 24));
}
