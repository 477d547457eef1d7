import type { FairnessConstraint } from '../../stats/fairness/rate-constraints.ts';
import type { ThresholdConstraint } from '../../stats/fairness/threshold-optimiser.ts';
import type { SplitError } from '../../table/split/split.ts';

export const MITIGATION_METHODS = ['reweighing', 'exponentiated-gradient', 'threshold'] as const;
export type MitigationMethod = (typeof MITIGATION_METHODS)[number];

export type Mitigation =
  | { method: 'reweighing' }
  | {
      method: 'exponentiated-gradient';
      constraint: FairnessConstraint;
      differenceBound: number;
      onFit?: (fits: number) => void;
    }
  | { method: 'threshold'; constraint: ThresholdConstraint };

export type MitigationError =
  | { reason: 'one_group'; group: string }
  | { reason: 'too_many_groups'; groups: number; most: number }
  | { reason: 'small_group'; group: string; rows: number; needed: number }
  /** What is to be alike has no base in a group: none of its rows are of that class. */
  | { reason: 'no_such_rows'; group: string; truth: 0 | 1 }
  | { reason: 'group_is_no_input' }
  /** Rows that a recipe makes have no weights; a mixture weighs classes itself. */
  | { reason: 'resampled' | 'class_weights'; algorithm: string }
  | { reason: 'no_folds'; split: SplitError };
