import { ok, type Result } from '../../shared/core/result.ts';
import { groupsOf } from '../../shared/learn/fairness/sensitive-groups.ts';
import type { PipelineData } from '../../shared/learn/pipeline-data.ts';
import type { ColumnSpec } from '../../shared/table/table.ts';
import { type CliFailure, failed } from '../failure.ts';
import type { FitData } from './fit-data.ts';

/** Groups by row, and the column that says so. */
export type SensitiveRows = {
  column: ColumnSpec;
  isInput: boolean;
  training: string[];
  test: string[];
};

/** The data with its groups read; the column is taken out of the inputs unless it is to be one. */
export function readSensitive(
  data: FitData,
  { name, isInput, file }: { name: string; isInput: boolean; file: string },
): Result<{ data: FitData; sensitive: SensitiveRows }, CliFailure> {
  const { training, test, inferred } = data;
  const column = inferred.inputs.find((input) => input.name === name && !isTimePart(input));
  if (column === undefined) return noSuchColumn(data, { name, file });
  const groupsIn = ({ table }: PipelineData): string[] =>
    groupsOf(table.columns.find((own) => own.name === name)!);
  const sensitive = { column, isInput, training: groupsIn(training), test: groupsIn(test) };
  if (isInput) return ok({ data, sensitive });
  const inputs = inferred.inputs.filter((input) => input.name !== name);
  if (inputs.length === 0)
    return failed('rows', `${file} has no column but "${name}" to learn from.`);
  const without = (rows: PipelineData): PipelineData => ({
    ...rows,
    inputs,
    table: { ...rows.table, columns: rows.table.columns.filter((own) => own.name !== name) },
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
