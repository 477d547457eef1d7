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
/** Exponentials of margins within stay in float64. */
const FARTHEST_SUM = 600;

/**
 * Meaning: Shapley values of a softmax share whose margins are sums, one term per player. Definition:
 * the mean over orders of arrival of what each arrival changes; of the orders some are drawn, each with
 * its reverse (antithetic: Mitchell et al. 2022). Base and values sum to the share of all players
 * exactly. Cost: 64 x players x outputs, no call of a model.
 */
export function drawnShares(game: SoftmaxGame, rng: Rng): Float64Array {
  const players = game.moves.length / game.base.length;
  return drawnOrders(players, reachOf(game) < FARTHEST_SUM ? multiplying(game) : adding(game), rng);
}

/** The same of any worth of a single margin. */
export function drawnMarginShares(
  { base, moves }: { base: number; moves: Float64Array },
  worthOf: (margin: number) => number,
  rng: Rng,
): Float64Array {
  const addArrivals: Arrivals = (order, shares) => {
    let margin = base;
    let before = worthOf(margin);
    for (const player of order) {
      margin += moves[player];
      const after = worthOf(margin);
      shares[player] += after - before;
      before = after;
    }
  };
  return drawnOrders(moves.length, addArrivals, rng);
}

function drawnOrders(players: number, addArrivals: Arrivals, rng: Rng): Float64Array {
  const shares = new Float64Array(players);
  const order = Uint16Array.from({ length: players }, (_, player) => player);
  for (let pair = 0; pair < PAIRS; pair++) {
    shuffle(order, rng);
    addArrivals(order, shares);
    addArrivals(order.reverse(), shares);
  }
  return shares.map((sum) => sum / (2 * PAIRS));
}

/** The farthest from 0 that a margin can lie on the way. */
function reachOf({ base, moves }: SoftmaxGame): number {
  const players = moves.length / base.length;
  let farthest = 0;
  for (let k = 0; k < base.length; k++) {
    let reach = Math.abs(base[k]);
    for (let j = 0; j < players; j++) reach += Math.abs(moves[k * players + j]);
    farthest = Math.max(farthest, reach);
  }
  return farthest;
}

type Arrivals = (order: Uint16Array, shares: Float64Array) => void;

/** Exponentials of the moves multiply up: none is taken on the way. */
function multiplying({ base, moves, output }: SoftmaxGame): Arrivals {
  const outputs = base.length;
  const players = moves.length / outputs;
  const first = base.map(exp);
  const factors = Float64Array.from(moves, (_, at) =>
    exp(moves[(at % outputs) * players + Math.floor(at / outputs)]),
  );
  const worths = new Float64Array(outputs);
  return (order, shares) => {
    worths.set(first);
    let before = shareOf(base, output);
    for (const player of order) {
      let sum = 0;
      for (let k = 0; k < outputs; k++) {
        worths[k] *= factors[player * outputs + k];
        sum += worths[k];
      }
      const after = worths[output] / sum;
      shares[player] += after - before;
      before = after;
    }
  };
}

function adding({ base, moves, output }: SoftmaxGame): Arrivals {
  return (order, shares) => {
    const margins = base.slice();
    let before = shareOf(margins, output);
    for (const player of order) {
      for (let k = 0; k < margins.length; k++) margins[k] += moves[k * order.length + player];
      const after = shareOf(margins, output);
      shares[player] += after - before;
      before = after;
    }
  };
}

export function shareOf(margins: Float64Array, output: number): number {
  let sum = 0;
  for (let k = 0; k < margins.length; k++) sum += exp(margins[k] - margins[output]);
  return 1 / sum;
}
