import { exp } from '../../core/portable-math.ts';
import { GREATEST_LOGARITHM } from '../link.ts';
import { gaussLegendre } from './gauss-legendre.ts';
import type { AdditiveGame } from './logistic-shares.ts';

const MOST_POINTS = 16;

/** Exponentials of sums below are zeros or lack digits, and those of the moves that lead there overflow. */
const LEAST_LOGARITHM = -600;

/** Whether each coalition's exponential is what is predicted, and none leaves float64 on the way. */
export function isExponentialWithin({ base, moves }: AdditiveGame): boolean {
  let low = base;
  let high = base;
  for (const move of moves) {
    if (move < 0) low += move;
    else high += move;
  }
  return low >= LEAST_LOGARITHM && high <= GREATEST_LOGARITHM;
}

/**
 * Meaning: Shapley values of e^(base + the sum of the moves of those who take part). Method: player j
 * gets e^base (e^move_j - 1) times the integral over t in [0, 1] of the product over the others of
 * 1 - t + t e^move (Owen 1972): a polynomial, without error up to 32 players, and smooth beyond.
 * Cost: points x players.
 */
export function exponentialShares({ base, moves }: AdditiveGame): Float64Array {
  const shares = new Float64Array(moves.length);
  const rule = gaussLegendre(Math.min(MOST_POINTS, Math.max(1, Math.ceil(moves.length / 2))));
  const factors = moves.map(exp);
  const before = new Float64Array(moves.length);
  for (let q = 0; q < rule.points.length; q++) {
    const t = rule.points[q];
    let product = exp(base) * rule.weights[q];
    for (let j = 0; j < moves.length; j++) {
      before[j] = product;
      product *= 1 - t + t * factors[j];
    }
    product = 1;
    for (let j = moves.length - 1; j >= 0; j--) {
      shares[j] += before[j] * product * (factors[j] - 1);
      product *= 1 - t + t * factors[j];
    }
  }
  return shares;
}
