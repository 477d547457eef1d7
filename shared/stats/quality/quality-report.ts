import type { ColumnType } from '../../table/infer-column.ts';
import type { TableIssue } from '../../table/read-table.ts';
import type { AssociatedPairs } from './association.ts';
import type { NumberSummary } from './number-summary.ts';
import type { Duplicates } from './row-hash.ts';
import type { SingleColumnScore } from './single-column-score.ts';

/** What a file is like, and what of that stands in the way of learning from it. */
export type QualityReport = {
  rows: number;
  columns: ColumnQuality[];
  missingCells: number;
  /** Of all cells, in [0, 1]. */
  missingShare: number;
  duplicates: Duplicates;
  /** Rows that are equal but for columns that look like ids; null where no column does. */
  duplicatesWithoutIds: Duplicates | null;
  /** Columns that say almost the same as another, or as the target. */
  associated: AssociatedPairs;
  target: TargetQuality | null;
  /** What is wrong with the file as such: the first twenty, and how many. */
  fileIssues: TableIssue[];
  fileIssueCount: number;
  /** The worst first. */
  findings: Finding[];
  /** Rows that values, outliers and associations are of: fewer than `rows` in a large file. */
  lookedAtRows: number;
};

export type ColumnQuality = {
  name: string;
  type: ColumnType;
  /** Why it is taken to be that. */
  why: string;
  present: number;
  missing: number;
  missingShare: number;
  distinct: number;
  /** False where `distinct` is a lower bound. */
  isDistinctExact: boolean;
  isConstant: boolean;
  isId: boolean;
  infinities: number;
  /** Texts among the numbers of a column of numbers; 0 in others. */
  notNumbers: number;
  /** Null unless the column is of numbers. */
  numbers: NumberSummary | null;
  /** Null unless the column is of texts: the most frequent ones. */
  levels: LevelShare[] | null;
  /** Share of the most frequent value among the present ones; null where too many differ. */
  topShare: number | null;
  /** Rows of the most frequent value for each of the rarest; null for one value or more than 20. */
  imbalance: number | null;
  examples: string[];
};

export type LevelShare = { value: string; rows: number; share: number };

export type TargetQuality = {
  name: string;
  kind: 'number' | 'classes';
  missing: number;
  /** Null for numbers. */
  classes: LevelShare[] | null;
  /** Rows of the largest class for each of the smallest; null for numbers. */
  imbalance: number | null;
  /** What each column alone would score, the best first. */
  singleColumns: ({ column: string } & SingleColumnScore)[];
};

export type Finding = {
  severity: 'error' | 'warning' | 'note';
  kind:
    | 'file'
    | 'missing'
    | 'empty'
    | 'constant'
    | 'near_constant'
    | 'id'
    | 'free_text'
    | 'not_numbers'
    | 'infinite'
    | 'outliers'
    | 'skewed'
    | 'many_levels'
    | 'duplicates'
    | 'associated'
    | 'imbalance'
    | 'target_missing'
    | 'leakage';
  column: string | null;
  sentence: string;
};
