import * as v from 'valibot';
import { type Declaration, declaration, type Input } from '../contracts/declaration.ts';
import type { InferredColumn } from '../table/infer-column.ts';
import type { Column, ColumnSpec, Table } from '../table/table.ts';
import { OUTPUT_NAMES } from './declaration-problems.ts';
import type { TargetDefinition, TaskDefinition } from './task-type.ts';

export type DraftSource = {
  id: string;
  title: string;
  /** Name of the target's column. */
  target: string;
  /** The two labels, the negative one first; null: a number. */
  classes: readonly [string, string] | null;
  inputs: readonly ColumnSpec[];
  report: readonly InferredColumn[];
  table: Table;
};

export type Draft = {
  /** What no default says; the policies are those of `defaultPolicies`. */
  definition: Pick<Declaration, 'id' | 'title' | 'inputs'> & {
    task: TaskDefinition;
    target: TargetDefinition<TaskDefinition>;
  };
  /** What always answers until somebody writes a better one: the median, or the share of the positive class. */
  fallback: { constant: number };
  /** Columns of the file that are no inputs, and why. */
  leftOut: { column: string; why: string }[];
};

const MOST_CATEGORIES = 500;
const LONGEST_CATEGORY = 64;
const MOST_INPUTS = 200;

/**
 * A declaration for a table that nobody declared yet: inputs and ranges as the table has them. It is a start, to be
 * read and changed. It has no inputs where no column can be one.
 */
export function draftDeclaration(source: DraftSource): Draft {
  const { id, title, target, classes, table } = source;
  const { inputs, leftOut } = inputsOf(source);
  const named = { name: target, label: target };
  const predicted = classes
    ? {
        task: {
          type: 'binary' as const,
          classes: [classOf(classes[0]), classOf(classes[1])] as const,
        },
        target: named,
      }
    : {
        task: { type: 'regression' as const, unit: '' },
        target: { ...named, range: widened(extentOf(table.target)) },
      };
  const constant = usualOf(table.target, predicted.task);
  return { definition: { id, title, ...predicted, inputs }, fallback: { constant }, leftOut };
}

const classOf = (value: string) => ({ value, label: value });

function inputsOf({ inputs, report, table }: DraftSource) {
  const kept: Input[] = [];
  const leftOut = report
    .filter(({ role }) => role === 'left_out')
    .map(({ name, why }) => ({ column: name, why }));
  for (const spec of inputs) {
    const column = table.columns.find(({ name }) => name === spec.name);
    const input = column && inputOf(spec, column);
    if (typeof input === 'object' && kept.length < MOST_INPUTS) kept.push(input);
    else leftOut.push({ column: spec.name, why: whyNot(input) });
  }
  return { inputs: kept, leftOut };
}

const whyNot = (input: Input | string | undefined): string =>
  typeof input === 'string' ? input : `more than ${MOST_INPUTS} inputs`;

/** The declared input, or why the column cannot be one. */
function inputOf(spec: ColumnSpec, column: Column): Input | string {
  const { name } = spec;
  const usable = v.safeParse(declaration.entries.target.entries.name, name);
  if (!usable.success)
    return 'its name is not made of letters, digits and underscores: rename the column';
  if (OUTPUT_NAMES.includes(name)) return 'a model has an output of that name: rename the column';
  if (spec.type === 'number' && spec.time) return 'a part of a time: declare a number of your own';
  if (column.type === 'number') {
    const whole = column.values.every((value) => Number.isNaN(value) || Number.isInteger(value));
    return {
      ...{ name, label: name, type: 'number', range: widened(extentOf(column.values)) },
      ...(whole ? { step: 1 } : {}),
      missing: column.values.some(Number.isNaN) ? 'impute' : 'reject',
    };
  }
  const values = column.dictionary.slice(0, column.declared);
  if (values.length < 2) return 'it has one value';
  if (values.length > MOST_CATEGORIES) return `it has ${values.length} values`;
  const long = values.find((value) => value.length > LONGEST_CATEGORY);
  if (long !== undefined) return `"${long.slice(0, 40)}..." is too long for a category`;
  return {
    ...{ name, label: name, type: 'category', categories: values.map(classOf) },
    missing: column.codes.some((code) => code < 0) ? 'impute' : 'reject',
  };
}

function extentOf(values: ArrayLike<number>): [number, number] {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    if (values[i] < lowest) lowest = values[i];
    if (values[i] > highest) highest = values[i];
  }
  return lowest <= highest ? [lowest, highest] : [0, 1];
}

/** Out to numbers that people would write: steps of a twentieth of the span, or finer, of 1, 2 or 5 times ten. */
function widened([lowest, highest]: [number, number]): [number, number] {
  const span = highest > lowest ? highest - lowest : Math.max(1, Math.abs(highest));
  const rough = span / 20;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = [5, 2, 1].map((times) => times * ten).find((size) => size <= rough) ?? ten;
  const shown = (value: number) => Number(value.toPrecision(12));
  const from = shown(Math.floor(lowest / step) * step);
  const to = shown(Math.ceil(highest / step) * step);
  return [from, to > from ? to : from + step];
}

function usualOf(target: Float64Array, { type }: TaskDefinition): number {
  if (type === 'binary')
    return Number((target.reduce((sum, y) => sum + y, 0) / target.length).toPrecision(4));
  const sorted = target.slice().sort();
  const half = sorted.length / 2;
  return (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2;
}
