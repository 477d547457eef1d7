import { type Rng, shuffle } from '../../core/rng.ts';

/**
 * Deals hands of different cards from a shuffled deck, which is shuffled again when it has too few
 * left: over many hands each card is dealt equally often, unlike in independent draws.
 * @param deck is not changed
 * @returns a function from the size of a hand, at most the deck's, to a copy of the hand
 */
export function createDealer(deck: Int32Array, rng: Rng): (size: number) => Int32Array {
  const cards = deck.slice();
  let next = cards.length;
  return (size) => {
    if (next + size > cards.length) {
      shuffle(cards, rng);
      next = 0;
    }
    next += size;
    return cards.slice(next - size, next);
  };
}
