import type { PipelineData } from '../pipeline-data.ts';
import { rowsWithin } from './working-bytes.ts';

/** An algorithm that may learn from fewer rows than there are; 0: it is left out. */
export type Limited = { algorithm: string; rows: number };

export type MemoryPlan = {
  /** Rows that the algorithm may learn from; 0: too few to be worth a try. */
  rowsFor(algorithm: string): number;
  /** The algorithm took more than was foreseen: half the rows from now on. */
  halve(algorithm: string): void;
  /** Of some algorithms, those that may not have all rows. */
  limited(algorithms: readonly string[]): Limited[];
};

/** What a smaller part of the rows teaches is no candidate beside models of all of them. */
const LEAST_SHARE = 0.05;
const LEAST_ROWS = 200;

/**
 * How many rows each algorithm may have for its fit to stay within some bytes: by the bytes a row that
 * were measured of it, and by what the fits of this search have shown.
 * @param bytes null: any
 */
export function createMemoryPlan(data: PipelineData, bytes: number | null): MemoryPlan {
  const { rows } = data.table;
  const width = preparedWidth(data);
  const planned = new Map<string, number>();
  const rowsFor = (name: string): number => {
    if (bytes === null) return rows;
    const most = planned.get(name) ?? rowsWithin(bytes, { algorithm: name, width });
    planned.set(name, most);
    if (most >= rows) return rows;
    return most < LEAST_ROWS || most < LEAST_SHARE * rows ? 0 : most;
  };
  return {
    rowsFor,
    halve: (name) => planned.set(name, Math.floor(rowsFor(name) / 2)),
    limited: (algorithms) =>
      algorithms
        .map((algorithm) => ({ algorithm, rows: rowsFor(algorithm) }))
        .filter((each) => each.rows < rows),
  };
}

/** Categories with more levels become one column. */
const ONE_HOT_UP_TO = 64;

/** Columns that an estimator sees, about. */
function preparedWidth({ inputs }: PipelineData): number {
  return inputs.reduce((sum, input) => {
    const levels = input.type === 'category' ? input.categories.length : 1;
    return sum + (levels <= ONE_HOT_UP_TO ? levels : 1);
  }, 0);
}
