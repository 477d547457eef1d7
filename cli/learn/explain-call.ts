import type { Explainer } from '../../shared/learn/explain/explanation.ts';
import { isClassification } from '../../shared/learn/task.ts';
import type { ColumnSpec, Table } from '../../shared/table/table.ts';
import type { FitManifest } from './fit-folder.ts';
import type { FittedFile } from './fitted-schema.ts';
import type { Interruption } from './interruption.ts';
import type { Progress } from './progress.ts';

export type ExplainFlags = {
  data: string;
  out: string;
  rows?: number;
  space: 'prediction' | 'margin';
  counterfactuals?: number;
  wanted?: string;
  fixed?: readonly string[];
  effects: boolean;
  importance: boolean;
  json: boolean;
};

/** A model, and rows that it is asked about. */
export type Opened = { manifest: FitManifest; fitted: FittedFile; table: Table };

/** How rows are explained, and what is watched meanwhile. */
export type Explaining = {
  explainer: Explainer;
  space: ExplainFlags['space'];
  progress: Progress;
  interruption: Interruption;
};

/** The column of a file that an input is read from. */
export const columnOf = (input: ColumnSpec): string =>
  (input.type === 'number' ? input.time?.column : undefined) ?? input.name;

/** Columns of a file, each once, in the order of their inputs. */
export const columnsOf = (inputs: readonly ColumnSpec[]): string[] => [
  ...new Set(inputs.map(columnOf)),
];

/** Outputs of which something is said: of two classes the second, which tells of both. */
export function toldOutputs({ task, classes }: FitManifest): number[] {
  if (!isClassification(task) || classes === null) return [0];
  return classes.length === 2 ? [1] : [...classes.keys()];
}
