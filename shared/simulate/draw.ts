import type { Rng } from '../core/rng.ts';

/** A key drawn with probability proportional to its weight. */
export function drawFrom<K extends string>(rng: Rng, weights: Readonly<Record<K, number>>): K {
  const keys = Object.keys(weights) as K[];
  let left = rng() * keys.reduce((sum, key) => sum + weights[key], 0);
  for (const key of keys) {
    left -= weights[key];
    if (left < 0) return key;
  }
  return keys[keys.length - 1];
}

export const between = (rng: Rng, low: number, high: number): number => low + (high - low) * rng();

/** An integer from low to high, both included. */
export const integerBetween = (rng: Rng, low: number, high: number): number =>
  Math.floor(between(rng, low, high + 1));

export const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

/** The value, or null with that probability. */
export const orMissing = <T>(rng: Rng, value: T, probability: number): T | null =>
  rng() < probability ? null : value;

/** An exponential number of that mean. */
export const exponential = (rng: Rng, mean: number): number => -mean * Math.log(1 - rng());

/** Between two sets of weights: `a` at 0, `b` at 1. */
export function blend<K extends string>(
  a: Readonly<Record<K, number>>,
  b: Readonly<Record<K, number>>,
  strength: number,
): Record<K, number> {
  const keys = Object.keys(a) as K[];
  return Object.fromEntries(
    keys.map((key) => [key, a[key] + (b[key] - a[key]) * strength]),
  ) as Record<K, number>;
}
