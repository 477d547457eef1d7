import { isMissingMark, isMissingWord, numberExpectation, parseNumber } from './cell.ts';
import { absent, type TableSchema } from './infer-schema.ts';
import { createClassCodes } from './infer-target.ts';
import type { ColumnSpec } from './table.ts';
import type { TableBuilder } from './table-builder.ts';
import type { TableIssues } from './table-issues.ts';
import { type DateOrder, parseTime, type TimePart, timePart } from './time-part.ts';

/**
 * `required`: the file must have the target, and rows without it are skipped and counted.
 * `optional`: a target that is not there, or not a known one, is NaN. `ignored`: it is always NaN.
 */
export type TargetUse = 'required' | 'optional' | 'ignored';

/** @returns false when the row is left out */
export type RowReader = (texts: string[], row: number, line: number) => boolean;

type InputCell = {
  spec: ColumnSpec;
  at: number;
  part: TimePart | null;
  order: DateOrder;
  /** One cell makes several parts of a time: the first tells of a wrong one. */
  isTelling: boolean;
};

/** Reads rows into the builder that stands there when a row comes. */
export function createRowReader({
  schema,
  use,
  header,
  line,
  issues,
  builderOf,
}: {
  schema: TableSchema;
  use: TargetUse;
  header: string[];
  line: number;
  issues: TableIssues;
  builderOf(): TableBuilder;
}): RowReader {
  const inputs = schema.inputs.map((spec, i): InputCell => {
    const source = sourceOf(spec);
    const time = spec.type === 'number' ? spec.time : undefined;
    const { part = null, order = 'year_first' } = time ?? {};
    const isTelling = schema.inputs.findIndex((other) => sourceOf(other) === source) === i;
    return { spec, at: header.indexOf(source), part, order, isTelling };
  });
  const missing = inputs.filter(({ at }) => at < 0).map(({ spec }) => spec);
  for (const name of new Set(missing.map((spec) => sourceOf(spec))))
    issues.add(absent(name, header, line));
  const { target } = schema;
  const targetAt = target === null || use === 'ignored' ? -1 : header.indexOf(target);
  if (target !== null && use === 'required' && targetAt < 0)
    issues.add(absent(target, header, line));
  const readTarget = targetReader(schema, use);
  return (texts, row, rowLine) => {
    if (issues.error() !== null && missing.length > 0) return true;
    const builder = builderOf();
    builder.begin();
    const report = (column: string, expected: string, text: string) => {
      const found = `"${text.slice(0, 60)}"`;
      issues.add({ row, line: rowLine, column, expected, found });
    };
    const isComplete = readInputs(inputs, { texts, builder, report });
    const value = targetAt < 0 ? Number.NaN : readTarget(texts[targetAt].trim(), report);
    if (!isComplete || (use === 'required' && targetAt >= 0 && Number.isNaN(value))) return false;
    builder.commit(value, 0);
    return true;
  };
}

/** The file's column that an input is read from. */
export const sourceOf = (spec: ColumnSpec): string =>
  (spec.type === 'number' ? spec.time?.column : undefined) ?? spec.name;

type CellReport = (column: string, expected: string, text: string) => void;

/** @returns false when an input is missing that may not be */
function readInputs(
  inputs: readonly InputCell[],
  { texts, builder, report }: { texts: string[]; builder: TableBuilder; report: CellReport },
): boolean {
  let isComplete = true;
  // The parts of a time follow each other: its cell is read once.
  let timeAt = -1;
  let timeMs: number | null = null;
  for (let i = 0; i < inputs.length; i++) {
    const { spec, at, part, order, isTelling } = inputs[i];
    const text = texts[at].trim();
    if (isMissingMark(text)) {
      if (spec.missing === 'reject') isComplete = false;
    } else if (spec.type === 'category') builder.setCategory(i, text);
    else if (part !== null) {
      if (timeAt !== at) timeMs = parseTime(text, order);
      timeAt = at;
      if (timeMs !== null) builder.setNumber(i, timePart(timeMs, part));
      else if (isTelling) report(sourceOf(spec), 'a date or time', text);
    } else {
      const value = parseNumber(text);
      if (value !== null) builder.setNumber(i, value);
      else if (!isMissingWord(text)) report(spec.name, numberExpectation(text), text);
      else if (spec.missing === 'reject') isComplete = false;
    }
  }
  return isComplete;
}

/** The target as a number or a class code; NaN where it is missing. */
function targetReader(
  { target, classes }: TableSchema,
  use: TargetUse,
): (text: string, report: CellReport) => number {
  const name = target ?? '';
  const codeOf = classes === null ? null : createClassCodes(classes);
  const expected = (text: string): string =>
    classes === null ? numberExpectation(text) : `one of ${classes.slice(0, 5).join(', ')}`;
  return (text, report) => {
    if (isMissingMark(text)) return Number.NaN;
    const value = codeOf === null ? parseNumber(text) : codeOf(text);
    if (value !== null) return value;
    const isMissing = codeOf === null && isMissingWord(text);
    if (use === 'required' && !isMissing) report(name, expected(text), text);
    return Number.NaN;
  };
}
