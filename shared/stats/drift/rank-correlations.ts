import { normalQuantile } from '../distributions/normal.ts';
import { type CoMoments, createCoMoments } from '../sketch/running-moments.ts';
import { type CorrelationChange, correlationChanges } from './correlation-change.ts';

/** Number columns of a table by name, all of one length; NaN where missing. */
export type NumberColumns = ReadonlyMap<string, ArrayLike<number>>;

/**
 * Which columns move together otherwise than they did? Each column of each sample is turned into normal scores of its
 * own ranks first, so a column that moved, or has long tails, is not taken for a relation that turned, and Fisher's z
 * holds its level.
 * @returns a change a pair of columns that both have, the surest first
 * Cost: O(columns n log n + columns^2 n). Source: van der Waerden (1952) for the scores, Fisher (1921).
 */
export function rankCorrelationChanges(
  reference: NumberColumns,
  current: NumberColumns,
): CorrelationChange[] {
  const names = [...reference.keys()].filter((name) => current.has(name));
  const scores = [reference, current].map((columns) =>
    names.map((name) => normalScores(columns.get(name) ?? [])),
  );
  const pairs: Record<string, { reference: CoMoments; current: CoMoments }> = {};
  for (let i = 0; i < names.length; i++)
    for (let j = i + 1; j < names.length; j++) {
      const [before, now] = scores.map((columns) => coMomentsOf(columns[i], columns[j]));
      pairs[`${names[i]} and ${names[j]}`] = { reference: before, current: now };
    }
  return correlationChanges(pairs).sort((a, b) => a.pValue - b.pValue);
}

/** The normal quantile of each value's rank / (n + 1), ties at their mean rank; NaN where missing. */
export function normalScores(values: ArrayLike<number>): Float64Array {
  const scores = new Float64Array(values.length).fill(Number.NaN);
  const known = Array.from(values, (_, i) => i).filter((i) => Number.isFinite(values[i]));
  known.sort((i, j) => values[i] - values[j]);
  for (let from = 0; from < known.length; ) {
    let to = from;
    while (to < known.length && values[known[to]] === values[known[from]]) to++;
    const score = normalQuantile((from + to + 1) / 2 / (known.length + 1));
    for (let at = from; at < to; at++) scores[known[at]] = score;
    from = to;
  }
  return scores;
}

function coMomentsOf(x: Float64Array, y: Float64Array): CoMoments {
  const sums = createCoMoments();
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i]) || Number.isNaN(y[i])) continue;
    sums.n++;
    sums.meanX += x[i];
    sums.meanY += y[i];
    sums.xx += x[i] * x[i];
    sums.xy += x[i] * y[i];
    sums.yy += y[i] * y[i];
  }
  const { n, meanX, meanY, xx, xy, yy } = sums;
  if (n === 0) return sums;
  // Scores are centred and of unit size: nothing cancels here.
  return {
    n,
    meanX: meanX / n,
    meanY: meanY / n,
    xx: xx - (meanX * meanX) / n,
    xy: xy - (meanX * meanY) / n,
    yy: yy - (meanY * meanY) / n,
  };
}
