import { ok, type Result } from '../../shared/core/result.ts';
import { jointGroupsOf } from '../../shared/learn/fairness/sensitive-groups.ts';
import type { PipelineData } from '../../shared/learn/pipeline-data.ts';
import type { ColumnSpec } from '../../shared/table/table.ts';
import { type CliFailure, failed } from '../failure.ts';
import { sensitiveNames } from './fairness-flags.ts';
import type { FitData } from './fit-data.ts';

/** Groups by row, and the columns that together say so. */
export type SensitiveRows = {
  /** As asked for: names with commas between. */
  name: string;
  columns: ColumnSpec[];
  isInput: boolean;
  training: string[];
  test: string[];
};

/** The data with its groups read; the columns are taken out of the inputs unless they are to be some. */
export function readSensitive(
  data: FitData,
  { name, isInput, file }: { name: string; isInput: boolean; file: string },
): Result<{ data: FitData; sensitive: SensitiveRows }, CliFailure> {
  const { training, test, inferred } = data;
  const columns: ColumnSpec[] = [];
  for (const part of sensitiveNames(name)) {
    const column = inferred.inputs.find((input) => input.name === part && !isTimePart(input));
    if (column === undefined) return noSuchColumn(data, { name: part, file });
    columns.push(column);
  }
  const groupsIn = ({ table }: PipelineData): string[] =>
    jointGroupsOf(columns.map((spec) => table.columns.find((own) => own.name === spec.name)!));
  const groups = { training: groupsIn(training), test: groupsIn(test) };
  const sensitive = { name, columns, isInput, ...groups };
  if (isInput) return ok({ data, sensitive });
  const isApart = (own: { name: string }): boolean =>
    columns.some((column) => column.name === own.name);
  const inputs = inferred.inputs.filter((input) => !isApart(input));
  if (inputs.length === 0)
    return failed('rows', `${file} has no column but "${name}" to learn from.`);
  const without = (rows: PipelineData): PipelineData => ({
    ...rows,
    inputs,
    table: { ...rows.table, columns: rows.table.columns.filter((own) => !isApart(own)) },
  });
  const apart = { training: without(training), test: without(test) };
  return ok({ data: { ...data, ...apart, inferred: { ...inferred, inputs } }, sensitive });
}

/** A part of a time may be named as its column is. */
const isTimePart = (input: ColumnSpec): boolean =>
  input.type === 'number' && input.time !== undefined;

function noSuchColumn(
  { inferred: { inputs, report } }: FitData,
  { name, file }: { name: string; file: string },
): Result<never, CliFailure> {
  const known = report.find((column) => column.name === name);
  if (known === undefined) {
    const names = inputs.map((input) => input.name);
    return failed(
      'wrong_usage',
      `${file} has no column "${name}". Inputs are ${names.join(', ')}.`,
    );
  }
  return failed('rows', `Column "${name}" tells no groups apart: ${known.why}.`);
}
