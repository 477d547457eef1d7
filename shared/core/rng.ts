import { cosOfTurn, log } from './portable-math.ts';

/** A source of uniform numbers in [0, 1). Randomness is always an argument. */
export type Rng = () => number;

/**
 * A seeded uniform generator: SplitMix32 (Steele, Lea, Flood 2014, 32-bit finaliser of MurmurHash3).
 * Period 2^32; the same seed gives the same sequence on every engine.
 */
export function createRng(seed: number): Rng {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 4294967296;
  };
}

/** A standard normal number by Box and Muller (1958); takes two uniforms from `rng`. */
export function normal(rng: Rng): number {
  return Math.sqrt(-2 * log(1 - rng())) * cosOfTurn(rng());
}

/** Shuffles in place (Fisher and Yates, Durstenfeld 1964) and returns the same array. */
export function shuffle<T extends { length: number; [index: number]: unknown }>(
  items: T,
  rng: Rng,
): T {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(rng() * (i + 1));
    const item = items[i];
    items[i] = items[j];
    items[j] = item;
  }
  return items;
}
