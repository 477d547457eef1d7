import { exp, log } from '../../../core/portable-math.ts';
import type { Rng } from '../../../core/rng.ts';

/**
 * Simulated binary crossover of one coordinate in [0, 1]: a child spread around its parents as if
 * by one-point crossover of bits, closer to them the larger the index.
 * Source: Deb and Agrawal (1995); bounded as in Deb's NSGA-II 1.1.6.
 */
export function crossCoordinates(
  [a, b]: readonly [number, number],
  { index, rng }: { index: number; rng: Rng },
): number {
  const unit = rng();
  const isUpper = rng() < 0.5;
  const [low, high] = [Math.min(a, b), Math.max(a, b)];
  const gap = high - low;
  if (gap < 1e-14) return a;
  const room = isUpper ? 1 - high : low;
  const limit = 2 - power(1 + (2 * room) / gap, -(index + 1));
  const share =
    unit <= 1 / limit
      ? power(unit * limit, 1 / (index + 1))
      : power(1 / (2 - unit * limit), 1 / (index + 1));
  const child = ((isUpper ? 1 : -1) * share * gap + low + high) / 2;
  return Math.min(1, Math.max(0, child));
}

/**
 * Polynomial mutation of one coordinate in [0, 1]: nearer to it the larger the index.
 * Source: Deb and Goyal (1996); bounded as in Deb's NSGA-II 1.1.6.
 */
export function mutateCoordinate(at: number, { index, rng }: { index: number; rng: Rng }): number {
  const unit = rng();
  const root = 1 / (index + 1);
  const moved =
    unit < 0.5
      ? power(2 * unit + (1 - 2 * unit) * power(1 - at, index + 1), root) - 1
      : 1 - power(2 * (1 - unit) + 2 * (unit - 0.5) * power(at, index + 1), root);
  return Math.min(1, Math.max(0, at + moved));
}

/** base^exponent, 0 of 0, by functions that every engine rounds alike. */
const power = (base: number, exponent: number): number => exp(exponent * log(base));
