import { exp } from '../../core/portable-math.ts';

const LEAST_SHARPNESS = 0.01;
const MOST_SHARPNESS = 100;
const HALVINGS = 40;

export type TemperedRows = {
  /** Class codes. */
  truth: ArrayLike<number>;
  /** Logarithms of the classes' probabilities. */
  logs: Float64Array;
  classes: number;
  /** By row; absent: all 1. */
  weights?: ArrayLike<number>;
};

/**
 * Meaning: the temperature by which the logarithms of probabilities are divided so that what
 * happened becomes likeliest: above 1 where a model is too sure. It never changes which class is
 * the likeliest. Definition: the least mean log loss over 1 / temperature, which is convex there; its
 * derivative's root by bisection in [0.01, 100]. Shapes: logs row-major [rows, classes], up to a
 * number common to the row; at least one row, each counting by its weight. Cost: 40 passes.
 * Source: Guo, Pleiss, Sun, Weinberger 2017.
 */
export function fitTemperature(rows: TemperedRows): number {
  let low = LEAST_SHARPNESS;
  let high = MOST_SHARPNESS;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = Math.sqrt(low * high);
    if (lossSlope(middle, rows) > 0) high = middle;
    else low = middle;
  }
  return 1 / Math.sqrt(low * high);
}

/** Derivative of the summed log loss by 1 / temperature: expected less actual logarithm. */
function lossSlope(sharpness: number, { logs, truth, classes, weights }: TemperedRows): number {
  let slope = 0;
  for (let row = 0; row < truth.length; row++) {
    const from = row * classes;
    let most = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < classes; k++) if (logs[from + k] > most) most = logs[from + k];
    let total = 0;
    let expected = 0;
    for (let k = 0; k < classes; k++) {
      const weight = exp((logs[from + k] - most) * sharpness);
      total += weight;
      expected += weight * logs[from + k];
    }
    slope += (weights?.[row] ?? 1) * (expected / total - logs[from + truth[row]]);
  }
  return slope;
}
