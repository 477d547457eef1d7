import { type Rng, shuffle } from '../../core/rng.ts';
import { kolmogorovSmirnov } from '../tests/kolmogorov-smirnov.ts';
import type { ConceptSignal } from './signal.ts';

export type KswinOptions = { alpha?: number; windowSize?: number; recentSize?: number; rng: Rng };

/** State of KSWIN: the last values, oldest first. Plain JSON. */
export type Kswin = { window: number[] };

export const createKswin = (): Kswin => ({ window: [] });

/**
 * Kolmogorov-Smirnov windowing: are the newest values of a window distributed as a sample of the older ones? Sees
 * changes of shape, not of the mean alone. In place; keeps the newest values after a drift.
 * @param options.alpha chance of a false alarm at each value
 * Source: Raab, Heusinger and Schleif (2020); reference implementation: river (commit 3aa815f) `KSWIN`, which forgets the window a
 * value after a drift and so finds a second change later.
 */
export function addToKswin(state: Kswin, value: number, options: KswinOptions): ConceptSignal {
  const { alpha = 0.005, windowSize = 100, recentSize = 30, rng } = options;
  state.window.push(value);
  if (state.window.length > windowSize) state.window.shift();
  if (state.window.length < windowSize) return 'stable';
  const recent = state.window.slice(-recentSize);
  const older = state.window.slice(0, -recentSize);
  const sample = shuffle(older, rng).slice(0, recentSize);
  const test = kolmogorovSmirnov(sample, recent);
  if (!test || test.pValue > alpha || test.statistic <= 0.1) return 'stable';
  state.window = recent;
  return 'drift';
}
