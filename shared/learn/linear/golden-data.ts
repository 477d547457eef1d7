import type { LearningData } from '../algorithm.ts';
import type { Task } from '../task.ts';

export type GoldenTarget = 'y' | 'positive' | 'counts' | 'binary' | 'classes';

/** golden.json: 48 rows, and what scikit-learn makes of them (test/support/linear-golden.py). */
export type Golden = {
  data: Record<GoldenTarget | 'weights', number[]> & { x: number[][] };
  results: Record<
    string,
    {
      coefficients: number[][];
      intercepts: number[];
      /** Of every sixth row. */
      predictions: number[][];
    }
  >;
};

/** Of the rows' predictions the file has every sixth. */
export const GOLDEN_EVERY = 6;

/** The rows with one of their targets, for tests. */
export function goldenData(
  { data }: Golden,
  name: GoldenTarget,
  isWeighted: boolean,
): LearningData {
  const { x, weights } = data;
  const classes = name === 'binary' ? 2 : name === 'classes' ? 3 : 0;
  const task: Task = classes === 0 ? 'regression' : classes === 2 ? 'binary' : 'multiclass';
  return {
    ...{ task, classes, target: Float64Array.from(data[name]) },
    matrix: {
      rows: x.length,
      names: ['a', 'b', 'c', 'd'],
      data: Float32Array.from(x.flat()),
      categories: [],
    },
    weights: isWeighted ? Float64Array.from(weights) : null,
  };
}

/** The largest difference, relative to values above 1. */
export function largestDifference(found: ArrayLike<number>, expected: readonly number[]): number {
  if (found.length !== expected.length) return Number.NaN;
  return expected.reduce((most, value, i) => {
    const difference = Math.abs(found[i] - value) / Math.max(1, Math.abs(value));
    return difference > most || Number.isNaN(difference) ? difference : most;
  }, 0);
}

/** Rows 0, 6, 12, ... of row-major [rows, outputs]. */
export function everySixth(found: ArrayLike<number>, rows: number): number[] {
  const outputs = found.length / rows;
  return Array.from(found).filter((_, i) => Math.floor(i / outputs) % GOLDEN_EVERY === 0);
}
