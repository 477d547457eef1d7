import { exp } from '../../core/portable-math.ts';
import { GREATEST_LOGARITHM } from '../link.ts';
import { exponentialShares, isExponentialWithin } from './exponential-shares.ts';
import type { LinkedOutput } from './linked-shap.ts';
import {
  type AdditiveGame,
  FARTHEST_MARGIN,
  logistic,
  logisticShares,
  reachOf,
} from './logistic-shares.ts';

/** What a log link predicts of a margin. @see applyLink */
export const boundedExponential = (margin: number): number =>
  exp(Math.min(GREATEST_LOGARITHM, margin));

/** What moves one number by which alone the worth is decided; null for three classes and more. */
export type SingleMargin = AdditiveGame & {
  /** Whether the margins are near enough for the exact form. */
  isWithin: boolean;
  sharesOf(game: AdditiveGame): Float64Array;
  worthOf(margin: number): number;
};

export function singleMargin(
  linked: LinkedOutput,
  { base, moves }: { base: Float64Array; moves: Float64Array },
): SingleMargin | null {
  const { link, output, scale, shift } = linked;
  if (link === 'exp' || link === 'exp2') {
    const factor = link === 'exp' ? 1 : Math.LN2;
    const game = { base: factor * base[0], moves: moves.map((move) => factor * move) };
    const isWithin = isExponentialWithin(game);
    return { ...game, isWithin, sharesOf: exponentialShares, worthOf: boundedExponential };
  }
  if (link === 'softmax' && base.length !== 2) return null;
  const sign = output === 0 ? -1 : 1;
  const odds = link === 'softmax' ? differences(base, moves) : { base: base[0], moves };
  const game = {
    base: sign * (scale * odds.base + shift),
    moves: odds.moves.map((move) => sign * scale * move),
  };
  const isWithin = reachOf(game) <= FARTHEST_MARGIN;
  return { ...game, isWithin, sharesOf: logisticShares, worthOf: logistic };
}

/** Of two margins the second less the first. */
function differences(base: Float64Array, moves: Float64Array) {
  const players = moves.length / 2;
  return {
    base: base[1] - base[0],
    moves: Float64Array.from({ length: players }, (_, j) => moves[players + j] - moves[j]),
  };
}
