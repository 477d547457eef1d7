import { choose } from './choose.ts';
import type { PairTerms } from './pair-terms.ts';

/** A game between two rows whose worth is a function of margins that terms add up to. */
export type TermGame = {
  /** Margins when nobody takes part. */
  base: Float64Array;
  terms: PairTerms;
  /** By player the bit that it has in a coalition; players of the same bit come together. */
  bitOf: Int32Array;
  /** Bits. */
  players: number;
  worthOf(margins: Float64Array): number;
};

/** Of so many players all coalitions are listed. */
export const MOST_TABLED = 10;

/**
 * Shapley values by bit, exact: the margins of every coalition, then their worths. A
 * term that needs the players A and is ended by those of B is the sum over the subsets T of B of
 * (-1)^|T| for every coalition that holds A and T; sums over subsets are passed on player by player.
 * Cost: terms x 2^(players that end one) + players x 2^players. @param game at most MOST_TABLED bits
 */
export function tabledShares(game: TermGame): Float64Array {
  const { base, players, worthOf } = game;
  const coalitions = 1 << players;
  const tables = Array.from(base, (margin, k) => {
    const table = new Float64Array(coalitions);
    addSignedTerms(game, k, table);
    // Terms that need nobody are in the background's own margin.
    table[0] = margin;
    sumOverSubsets(table);
    return table;
  });
  const margins = new Float64Array(base.length);
  const worths = new Float64Array(coalitions);
  for (let s = 0; s < coalitions; s++) {
    for (let k = 0; k < margins.length; k++) margins[k] = tables[k][s];
    worths[s] = worthOf(margins);
  }
  return sharesOfWorths(worths, players);
}

function addSignedTerms({ terms, bitOf }: TermGame, output: number, into: Float64Array): void {
  const { count, start, conditions, value } = terms;
  for (let term = 0; term < count; term++) {
    if (terms.output[term] !== output) continue;
    let needed = 0;
    let ending = 0;
    for (let i = start[term]; i < start[term + 1]; i++) {
      const bit = bitOf[conditions[i] >> 1];
      if ((conditions[i] & 1) === 0) needed |= bit;
      else ending |= bit;
    }
    // Players that come together cannot both arrive and stay away.
    if ((needed & ending) !== 0) continue;
    for (let some = ending; ; some = (some - 1) & ending) {
      into[needed | some] += isOdd(some) ? -value[term] : value[term];
      if (some === 0) break;
    }
  }
}

/** Whether the number of its bits is odd. */
function isOdd(bits: number): boolean {
  let odd = 0;
  for (let rest = bits; rest > 0; rest &= rest - 1) odd ^= 1;
  return odd === 1;
}

function sumOverSubsets(table: Float64Array): void {
  for (let bit = 1; bit < table.length; bit <<= 1)
    for (let from = bit; from < table.length; from += 2 * bit)
      for (let s = from; s < from + bit; s++) table[s] += table[s - bit];
}

/** From the worth of every coalition, a bit per player. */
function sharesOfWorths(worths: Float64Array, players: number): Float64Array {
  const weights = new Float64Array(players + 1);
  for (let size = 0; size < players; size++)
    weights[size] = 1 / (players * choose(players - 1, size));
  let outside = 0;
  for (let s = 0; s < worths.length; s++) {
    let size = 0;
    for (let bits = s; bits > 0; bits &= bits - 1) size++;
    outside += weights[size] * worths[s];
    worths[s] *= weights[size] + (size > 0 ? weights[size - 1] : 0);
  }
  const shares = new Float64Array(players);
  // The coalitions with the last player are the upper half; what is left is folded onto the lower.
  for (let player = players - 1; player >= 0; player--) {
    const half = 1 << player;
    let inside = 0;
    for (let s = 0; s < half; s++) {
      inside += worths[s + half];
      worths[s] += worths[s + half];
    }
    shares[player] = inside - outside;
  }
  return shares;
}
