import type { Rng } from '../../core/rng.ts';
import type { Link } from '../link.ts';
import { drawnMarginShares, drawnShares, shareOf } from './drawn-shares.ts';
import { logistic } from './logistic-shares.ts';
import type { MarginShap, Pair } from './margin-shap.ts';
import type { PairTerms } from './pair-terms.ts';
import { boundedExponential, singleMargin } from './single-margin.ts';
import { MOST_TABLED, tabledShares } from './term-shares.ts';

/** From margins to predictions. `scale` and `shift` are those of a calibrated margin. */
export type LinkedOutput = {
  link: Extract<Link, 'logistic' | 'softmax' | 'exp' | 'exp2'>;
  /** Of a classification: the class whose probability is explained. */
  output: number;
  scale: number;
  shift: number;
};

/** Contributions of one row to link(margin), by player, and the mean prediction they start from. */
export type LinkedShap = {
  base: number;
  contributions: Float64Array;
  /** Whether no order was drawn, and no player shares what is left. */
  isExact: boolean;
};

/**
 * Meaning: how much each player moved a prediction link(margin) from the mean prediction of the
 * background. Definition: Shapley values of the interventional game, against each background row and
 * averaged over them. Of up to ten players every coalition is listed. Margins that are sums over more columns: exact
 * (@see logisticShares, exponentialShares); orders are drawn for a softmax of three classes and more, and of
 * margins so far out that the exact forms do not hold. Trees: exact where at most ten players tell the two
 * rows apart; of more the nine that move the margins most, the others sharing what is left.
 */
export function linkedShap(
  margins: MarginShap,
  { rows, row }: Omit<Pair, 'other'>,
  { linked, players, rng }: { linked: LinkedOutput; players: number; rng: Rng },
): LinkedShap {
  const { outputs } = margins;
  const backgrounds = margins.base.length / outputs;
  const contributions = new Float64Array(players);
  const moves = new Float64Array(outputs * players);
  let base = 0;
  let isExact = true;
  for (let other = 0; other < backgrounds; other++) {
    const terms = margins.addMoves({ rows, row, other }, moves.fill(0));
    const active = terms === null ? movingPlayers(moves, players) : askedPlayers(terms, players);
    const game: Game = {
      base: margins.base.subarray(other * outputs, (other + 1) * outputs),
      moves: only(moves, { players, active }),
      active,
    };
    base += worthOf(linked, game.base) / backgrounds;
    const found = sharesOf(linked, { ...game, terms }, rng);
    isExact &&= found.isExact;
    for (let i = 0; i < active.length; i++)
      contributions[active[i]] += found.shares[i] / backgrounds;
  }
  return { base, contributions, isExact };
}

type Game = {
  base: Float64Array;
  /** Row-major [outputs, active players]. */
  moves: Float64Array;
  active: readonly number[];
};

function movingPlayers(moves: Float64Array, players: number): number[] {
  const moving = new Uint8Array(players);
  for (let at = 0; at < moves.length; at++) if (moves[at] !== 0) moving[at % players] = 1;
  return flagged(moving);
}

function askedPlayers({ count, start, conditions }: PairTerms, players: number): number[] {
  const asked = new Uint8Array(players);
  const total = count === 0 ? 0 : start[count];
  for (let i = 0; i < total; i++) asked[conditions[i] >> 1] = 1;
  return flagged(asked);
}

function flagged(flags: Uint8Array): number[] {
  const players: number[] = [];
  for (let player = 0; player < flags.length; player++)
    if (flags[player] === 1) players.push(player);
  return players;
}

function only(
  moves: Float64Array,
  { players, active }: { players: number; active: readonly number[] },
): Float64Array {
  const outputs = moves.length / players;
  const kept = new Float64Array(outputs * active.length);
  for (let k = 0; k < outputs; k++)
    for (let i = 0; i < active.length; i++)
      kept[k * active.length + i] = moves[k * players + active[i]];
  return kept;
}

function worthOf({ link, output, scale, shift }: LinkedOutput, margins: Float64Array): number {
  switch (link) {
    case 'exp':
      return boundedExponential(margins[0]);
    case 'exp2':
      return boundedExponential(Math.LN2 * margins[0]);
    case 'softmax':
      return shareOf(margins, output);
    case 'logistic': {
      const odds = scale * margins[0] + shift;
      return logistic(output === 0 ? -odds : odds);
    }
  }
}

type Shares = { shares: Float64Array; isExact: boolean };

function sharesOf(
  linked: LinkedOutput,
  { terms, ...game }: Game & { terms: PairTerms | null },
  rng: Rng,
): Shares {
  if (game.active.length === 0) return { shares: new Float64Array(0), isExact: true };
  if (terms === null) return sharesApart(linked, game, rng);
  const apart = () => sharesApart(linked, game, rng).shares;
  const shares = sharesOfTerms(linked, { ...game, terms }, apart);
  return { shares, isExact: game.active.length <= MOST_TABLED };
}

/** Of the game in which each player moves the margins by itself. */
function sharesApart(linked: LinkedOutput, game: Game, rng: Rng): Shares {
  const single = singleMargin(linked, game);
  if (single?.isWithin) return { shares: single.sharesOf(single), isExact: true };
  if (game.active.length <= MOST_TABLED) {
    const terms = termsOfMoves(game);
    return { shares: sharesOfTerms(linked, { ...game, terms }, missing), isExact: true };
  }
  const shares =
    single === null
      ? drawnShares({ ...game, output: linked.output }, rng)
      : drawnMarginShares(single, single.worthOf, rng);
  return { shares, isExact: false };
}

const missing = (): never => {
  throw new Error('Broken invariant: so few players are all listed');
};

/** Each player's moves as terms that need that player alone. */
function termsOfMoves({ moves, active }: Game): PairTerms {
  const count = moves.length;
  return {
    count,
    value: moves,
    output: Uint16Array.from({ length: count }, (_, at) => Math.floor(at / active.length)),
    start: Int32Array.from({ length: count + 1 }, (_, at) => at),
    conditions: Int32Array.from({ length: count }, (_, at) => 2 * active[at % active.length]),
  };
}

/**
 * Exact of the players that move the margins most. Where there are more than can be listed the others arrive together in that game: each gets
 * its share of the game in which players move the margins by themselves, and an equal part of what
 * these lack of the exact share of all of them.
 */
function sharesOfTerms(
  linked: LinkedOutput,
  { base, moves, active, terms }: Game & { terms: PairTerms },
  apart: () => Float64Array,
): Float64Array {
  const order = byMagnitude(moves, active.length);
  const isWhole = active.length <= MOST_TABLED;
  const single = isWhole ? active.length : MOST_TABLED - 1;
  const bitOf = new Int32Array(active[active.length - 1] + 1);
  order.forEach((i, place) => {
    bitOf[active[i]] = 1 << Math.min(place, single);
  });
  const worths = (margins: Float64Array) => worthOf(linked, margins);
  const players = isWhole ? single : MOST_TABLED;
  const tabled = tabledShares({ base, terms, bitOf, players, worthOf: worths });
  const shares = isWhole ? new Float64Array(active.length) : apart();
  const others = order.slice(single);
  const given = others.reduce((sum, i) => sum + shares[i], 0);
  for (const i of others) shares[i] += (tabled[single] - given) / others.length;
  for (let place = 0; place < single; place++) shares[order[place]] = tabled[place];
  return shares;
}

/** Places of the players by how far they move any margin, the farthest first. */
function byMagnitude(moves: Float64Array, players: number): number[] {
  const sizes = new Float64Array(players);
  for (let at = 0; at < moves.length; at++)
    sizes[at % players] = Math.max(sizes[at % players], Math.abs(moves[at]));
  return Array.from(sizes.keys()).sort((a, b) => sizes[b] - sizes[a] || a - b);
}
