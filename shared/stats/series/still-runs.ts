import { quantileOfSorted } from '../moments.ts';

/** Points of history one after the other that all have the same value. */
export type StillRun = {
  value: number;
  /** Indices of its first and last point, both in it. */
  from: number;
  to: number;
  /** Of its points, those whose hours are usually otherwise; the run is told from the first of them. */
  surprises: number;
};

/** Points a run must have to be no incident any more but how things are. */
const LEAST_POINTS = 72;
/** With fewer hours that are usually otherwise it is the rhythm that stands still, not the metric. */
const LEAST_SURPRISES = 3;
/** One point outside may be the exception. */
const LEAST_OUTSIDE = 2;

/**
 * Where a series stood still for 72 points and more: traffic that ended, or that ended for a time.
 *
 * A run is told from its first point on whose hour is usually otherwise, by the median of the same hours outside of
 * such runs; where none is, from its beginning.
 * @param values by time, finite; the last is the one judged and no evidence of what is usual
 * @param slots the hour of the season of each
 * Cost: O(n log n).
 */
export function stillRuns(values: readonly number[], slots: readonly number[]): StillRun[] {
  const runs = longRuns(values);
  if (runs.length === 0) return [];
  const usual = mediansOutside(runs, { values, slots });
  return runs.map(({ from, to }) => {
    const value = values[from];
    const surprising: number[] = [];
    for (let i = from; i <= to; i++) {
      const middle = usual.get(slots[i]);
      if (middle !== undefined && middle !== value) surprising.push(i);
    }
    const [first = from] = surprising;
    return { value, from: first, to, surprises: surprising.length };
  });
}

/** Is such a run the level, and no history of the season? */
export const isLevel = ({ from, to, surprises }: StillRun): boolean =>
  surprises >= LEAST_SURPRISES && to - from + 1 >= LEAST_POINTS;

function longRuns(values: readonly number[]): { from: number; to: number }[] {
  const runs: { from: number; to: number }[] = [];
  let from = 0;
  for (let i = 1; i <= values.length; i++) {
    if (i < values.length && values[i] === values[from]) continue;
    if (i - from >= LEAST_POINTS) runs.push({ from, to: i - 1 });
    from = i;
  }
  return runs;
}

function mediansOutside(
  runs: readonly { from: number; to: number }[],
  { values, slots }: { values: readonly number[]; slots: readonly number[] },
): Map<number, number> {
  const outside = new Map<number, number[]>();
  let run = 0;
  values.forEach((value, i) => {
    while (run < runs.length && runs[run].to < i) run++;
    if (i === values.length - 1 || (run < runs.length && runs[run].from <= i)) return;
    const own = outside.get(slots[i]) ?? [];
    own.push(value);
    outside.set(slots[i], own);
  });
  const medians = new Map<number, number>();
  for (const [slot, own] of outside)
    if (own.length >= LEAST_OUTSIDE)
      medians.set(slot, quantileOfSorted(Float64Array.from(own).sort(), 0.5));
  return medians;
}
