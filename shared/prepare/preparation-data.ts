import type { Rng } from '../core/rng.ts';
import type { Table } from '../table/table.ts';

/** What the recipe is fitted on. `target` is for steps that look at it. */
export type PreparationData = {
  table: Table;
  /** Target units, or class codes; empty where there is nothing to predict. */
  target: Float64Array;
  /** 0 unless the target is a class. */
  classes: number;
  rng: Rng;
};
