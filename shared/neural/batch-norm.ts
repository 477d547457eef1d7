import {
  add,
  mean,
  mul,
  rsqrt,
  square,
  sub,
  type Tensor,
  type Variable,
} from '@tensorflow/tfjs-core';

/** Keras's; a column that is constant in a batch is divided by its root. */
export const NORM_EPSILON = 1e-3;

/** `values`: standardised [rows, units]; the others [1, units]. */
export type Standardised = { values: Tensor; scale: Tensor; mean: Tensor; variance: Tensor };

/**
 * Columns of a batch [rows, units] less their mean, by the root of variance + epsilon (Ioffe and
 * Szegedy 2015, algorithm 1; population variance).
 */
export function standardise(batch: Tensor): Standardised {
  const centre = mean(batch, 0, true);
  const centred = sub(batch, centre);
  const variance = mean(square(centred), 0, true);
  const scale = rsqrt(add(variance, NORM_EPSILON));
  return { values: mul(centred, scale), scale, mean: centre, variance };
}

/** Slopes of what was standardised, from those of what came of it: section 3 there, in closed form. */
export function slopesBefore({ values, scale }: Standardised, slopes: Tensor): Tensor {
  const along = mul(values, mean(mul(slopes, values), 0, true));
  return mul(scale, sub(sub(slopes, mean(slopes, 0, true)), along));
}

/** What rows to be predicted are standardised by: moments of late batches. */
export type RunningMoments = { mean: Variable; variance: Variable; weight: number };

const KEPT_SHARE = 0.97;

/**
 * Moves the running moments towards a batch's. They start at 0 and are divided by `weight` when read
 * (as Adam's moments are), so that few batches count as well as many.
 */
export function follow(running: RunningMoments, batch: Standardised): void {
  const moved = (kept: Tensor, seen: Tensor) =>
    add(mul(kept, KEPT_SHARE), mul(seen, 1 - KEPT_SHARE));
  running.mean.assign(moved(running.mean, batch.mean));
  running.variance.assign(moved(running.variance, batch.variance));
  running.weight = running.weight * KEPT_SHARE + (1 - KEPT_SHARE);
}
