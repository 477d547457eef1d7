import type { NumberProfile } from '../../contracts/profile.ts';
import { addColumnProfile, addNumber, createColumnProfile } from '../profile/column-profile.ts';
import {
  addDistinctNumber,
  createHyperLogLog,
  type HyperLogLog,
  mergeHyperLogLog,
} from './hyperloglog.ts';
import {
  addQuantile,
  createQuantileSketch,
  mergeQuantileSketch,
  type QuantileSketch,
} from './quantile-sketch.ts';
import { addMoment, createMoments, mergeMoments, type RunningMoments } from './running-moments.ts';

/** Everything that is kept of a number column: histogram in given bins, moments, quantiles, distinct values. */
export type ColumnSketch = {
  histogram: NumberProfile;
  moments: RunningMoments;
  quantiles: QuantileSketch;
  distinct: HyperLogLog;
};

export const createColumnSketch = (edges: readonly number[]): ColumnSketch => ({
  histogram: createColumnProfile({ type: 'number', edges }),
  moments: createMoments(),
  quantiles: createQuantileSketch(),
  distinct: createHyperLogLog(),
});

/** Counts one value in place; null, NaN and infinities are missing. */
export function addToSketch(sketch: ColumnSketch, value: number | null): void {
  addNumber(sketch.histogram, value);
  if (value === null || !Number.isFinite(value)) return;
  addMoment(sketch.moments, value);
  addQuantile(sketch.quantiles, value);
  addDistinctNumber(sketch.distinct, value);
}

/** Adds `from` to `into` in place; both must be in the same bins. */
export function mergeColumnSketch(into: ColumnSketch, from: ColumnSketch): void {
  addColumnProfile(into.histogram, from.histogram);
  mergeMoments(into.moments, from.moments);
  mergeQuantileSketch(into.quantiles, from.quantiles);
  mergeHyperLogLog(into.distinct, from.distinct);
}
