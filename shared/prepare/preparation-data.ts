import type { Rng } from '../core/rng.ts';
import type { Table } from '../table/table.ts';
import type { Matrix } from './matrix.ts';
import type { ModelSelectionRule } from './selection-rule.ts';
import type { SelectStep } from './steps/select.ts';

/** What the recipe is fitted on. `target` is for steps that look at it. */
export type PreparationData = {
  table: Table;
  /** Target units, or class codes; empty where there is nothing to predict. */
  target: Float64Array;
  /** 0 unless the target is a class. */
  classes: number;
  rng: Rng;
  /** Chooses columns by models; needed by recipes that ask for it. */
  selectByModel?: (rule: ModelSelectionRule, matrix: Matrix) => SelectStep;
};
