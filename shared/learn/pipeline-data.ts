import { type ColumnSpec, type Table, takeRows } from '../table/table.ts';
import type { Task } from './task.ts';

/** A table and what is to be learnt from it. */
export type PipelineData = {
  task: Task;
  inputs: readonly ColumnSpec[];
  /** `target` holds target units, or class codes; it is not read for anomalies and clusters. */
  table: Table;
  /** Labels of the class codes; empty unless a classification. */
  classes: readonly string[];
  /** By row; null: all 1. */
  weights: Float64Array | null;
  /** By row: rows of equal numbers are held out together. Absent: every row for itself. */
  groups?: Float64Array;
};

/** The data's rows named by `rows`, in that order. */
export const takeData = (data: PipelineData, rows: ArrayLike<number>): PipelineData => ({
  ...data,
  table: takeRows(data.table, rows),
  weights: data.weights && Float64Array.from(rows, (row) => data.weights![row]),
  ...(data.groups && { groups: Float64Array.from(rows, (row) => data.groups![row]) }),
});
