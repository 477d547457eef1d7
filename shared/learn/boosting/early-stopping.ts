import type { Rng } from '../../core/rng.ts';
import { shuffle } from '../../core/rng.ts';

/** Rows to train on and rows to stop by, each ascending. */
export type HeldOut = { train: Uint32Array; validation: Uint32Array };

/**
 * Sets a share of the rows aside, of each class the same share when `classes` is above 0. No class
 * and no regression is left without a training row.
 */
export function holdOut(
  rows: Uint32Array,
  given: { share: number; classes: number; target: Float64Array; rng: Rng },
): HeldOut {
  const { share, classes, target, rng } = given;
  const validation: number[] = [];
  for (let k = 0; k < Math.max(1, classes); k++) {
    const own = classes === 0 ? rows.slice() : rows.filter((row) => target[row] === k);
    const count = Math.min(Math.round(share * own.length), own.length - 1);
    for (const row of shuffle(own, rng).subarray(0, Math.max(0, count))) validation.push(row);
  }
  const isHeld = new Set(validation);
  return {
    train: rows.filter((row) => !isHeld.has(row)),
    validation: Uint32Array.from(validation).sort(),
  };
}

/** Watches the losses of the rounds; the first is that of no round. */
export type StopWatch = {
  /** The round of least loss so far. */
  best: number;
  /** @returns true once `patience` rounds in a row were no better by `tolerance` than the one before them */
  isOver(loss: number): boolean;
};

export function createStopWatch(patience: number, tolerance: number): StopWatch {
  const losses: number[] = [];
  return {
    best: 0,
    isOver(loss) {
      losses.push(loss);
      if (loss < losses[this.best]) this.best = losses.length - 1;
      if (losses.length <= patience) return false;
      const before = losses[losses.length - 1 - patience];
      return losses.slice(-patience).every((recent) => recent >= before - tolerance);
    },
  };
}
