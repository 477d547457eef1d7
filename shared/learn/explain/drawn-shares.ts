import { exp } from '../../core/portable-math.ts';
import { type Rng, shuffle } from '../../core/rng.ts';

/** A game whose worth is the softmax share of one output, each margin a sum over the players. */
export type SoftmaxGame = {
  /** Margins when nobody takes part. */
  base: Float64Array;
  /** Row-major [outputs, players]. */
  moves: Float64Array;
  output: number;
};

/** Orders of arrival, each followed by its reverse. */
const PAIRS = 32;

/**
 * Meaning: Shapley values of a softmax share whose margins are sums, one term per player. Definition:
 * the mean over orders of arrival of what each arrival changes; of the orders some are drawn, each with
 * its reverse (antithetic: Mitchell et al. 2022). Base and values sum to the share of all players
 * exactly. Cost: 64 x players x outputs, no call of a model.
 */
export function drawnShares(game: SoftmaxGame, rng: Rng): Float64Array {
  const players = game.moves.length / game.base.length;
  const shares = new Float64Array(players);
  const order = Uint16Array.from({ length: players }, (_, player) => player);
  for (let pair = 0; pair < PAIRS; pair++) {
    shuffle(order, rng);
    addArrivals(game, order, shares);
    addArrivals(game, order.reverse(), shares);
  }
  return shares.map((sum) => sum / (2 * PAIRS));
}

function addArrivals(
  { base, moves, output }: SoftmaxGame,
  order: Uint16Array,
  shares: Float64Array,
): void {
  const margins = base.slice();
  let before = shareOf(margins, output);
  for (const player of order) {
    for (let k = 0; k < margins.length; k++) margins[k] += moves[k * order.length + player];
    const after = shareOf(margins, output);
    shares[player] += after - before;
    before = after;
  }
}

export function shareOf(margins: Float64Array, output: number): number {
  let sum = 0;
  for (let k = 0; k < margins.length; k++) sum += exp(margins[k] - margins[output]);
  return 1 / sum;
}
