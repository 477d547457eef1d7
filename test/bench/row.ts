/** One row of the report; several figures of one bench go into `detail`. */
export type BenchRow = {
  name: string;
  question: string;
  value: number;
  unit: string;
  /** What must be reached, in words; null where there is no bar. */
  bar: string | null;
  holds: boolean | null;
  detail: Record<string, unknown>;
};

export type Bench = { name: string; run: () => Promise<BenchRow> };

/** Sample quantile by linear interpolation (R type 7). */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
