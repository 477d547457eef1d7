import { ok, type Result } from '../../shared/core/result.ts';
import { createRng } from '../../shared/core/rng.ts';
import { type PipelineData, takeData } from '../../shared/learn/pipeline-data.ts';
import { type KnownRows, rowPrints } from '../../shared/learn/row-prints.ts';
import { isClassification } from '../../shared/learn/task.ts';
import { describeSplitError, type Split, type SplitError } from '../../shared/table/split/split.ts';
import {
  groupShuffleSplit,
  shuffleSplit,
  stratifiedShuffleSplit,
  timeSplit,
} from '../../shared/table/split/train-test-split.ts';
import { type CliFailure, failed } from '../failure.ts';

/**
 * Which rows are held out. `stratified`: of each class alike; `group`: rows of equal numbers together;
 * `time`: the newest. Numbers are by row of the table.
 */
export type SplitRule =
  | { by: 'random' | 'stratified' }
  | { by: 'group'; column: string; numbers: Float64Array }
  | { by: 'time'; column: string; numbers: Float64Array };

/** What an earlier fit, that this one goes on from, has learnt and measured on; null: it does not say. */
export type Earlier = { folder: string; known: KnownRows | null };

export type HoldOut = {
  path: string;
  testShare: number;
  seed: number;
  /** Null: stratified for classes, else random. */
  rule: SplitRule | null;
  /** Null: nothing has been learnt yet. */
  earlier: Earlier | null;
};

export type Parts = { training: PipelineData; test: PipelineData; notes: string[] };

/**
 * Rows to learn from, and rows to measure on that neither this fit nor an earlier one has learnt: of the
 * rows that the earlier one knew, each stays on its side; the new ones are split.
 */
export function holdOut(rows: PipelineData, asked: HoldOut): Result<Parts, CliFailure> {
  const all = asked.rule?.by === 'group' ? { ...rows, groups: asked.rule.numbers } : rows;
  const sides = asked.earlier === null ? everyRowNew(all) : sidesOf(all, asked.earlier);
  if (!sides.ok) return sides;
  const { learnt, heldOut, fresh } = withGroups(sides.value, all.groups);
  const split = splitFresh(all, fresh, asked);
  const isNew = asked.earlier === null;
  if (!split.ok && isNew)
    return failed('rows', `${asked.path}: ${describeSplitError(split.error)}`);
  const [added, drawn] = split.ok ? [split.value.training, split.value.test] : [fresh, []];
  const training = [...learnt, ...added].sort((a, b) => a - b);
  const test = [...heldOut, ...drawn].sort((a, b) => a - b);
  if (test.length === 0) return failed('rows', nothingLeft(asked));
  const lacking = classesWithout(all, training);
  if (lacking.length > 0 && lacking.length >= all.classes.length - 1)
    return failed(
      'rows',
      `${asked.path}: all rows to learn from are of one class; no row is "${lacking[0]}".`,
    );
  const notes = isNew ? classNotes(all, { test: test.length, asked }) : [];
  for (const label of lacking)
    notes.push(`No row to learn from is "${label}": they are all held out.`);
  return ok({ training: takeData(all, training), test: takeData(all, test), notes });
}

/** Which a group or a time may take with it. */
function classesWithout({ task, table, classes }: PipelineData, rows: readonly number[]): string[] {
  const found = new Set(rows.map((row) => table.target[row]));
  return isClassification(task) ? classes.filter((_, code) => !found.has(code)) : [];
}

/** New rows of a group that is on a side join it: those of a learnt group are none that it has not seen. */
function withGroups(sides: Sides, groups: PipelineData['groups']): Sides {
  if (groups === undefined) return sides;
  const learnt = new Set(sides.learnt.map((row) => groups[row]));
  const heldOut = new Set(sides.heldOut.map((row) => groups[row]));
  const joined: Sides = { learnt: [...sides.learnt], heldOut: [...sides.heldOut], fresh: [] };
  for (const row of sides.fresh)
    if (learnt.has(groups[row])) joined.learnt.push(row);
    else if (heldOut.has(groups[row])) joined.heldOut.push(row);
    else joined.fresh.push(row);
  return joined;
}

/** Leaves out of a test file what an earlier fit has learnt. */
export function withoutLearnt(
  test: PipelineData,
  { path, earlier }: Pick<HoldOut, 'path' | 'earlier'>,
): Result<{ test: PipelineData; notes: string[] }, CliFailure> {
  if (earlier === null) return ok({ test, notes: [] });
  if (earlier.known === null)
    return ok({
      test,
      notes: [
        `The model in ${earlier.folder} does not say which rows it has learnt: some of ${path} may be among them.`,
      ],
    });
  const sides = sidesOf(test, earlier);
  if (!sides.ok) return sides;
  const { learnt, heldOut, fresh } = sides.value;
  if (learnt.length === 0) return ok({ test, notes: [] });
  const rows = [...heldOut, ...fresh].sort((a, b) => a - b);
  if (rows.length === 0)
    return failed(
      'rows',
      `The model in ${earlier.folder} has learnt every row of ${path}: name rows it has not seen.`,
    );
  const notes = [
    `${learnt.length} rows of ${path} are not measured on: the model in ${earlier.folder} has learnt them.`,
  ];
  return ok({ test: takeData(test, rows), notes });
}

type Sides = { learnt: number[]; heldOut: number[]; fresh: number[] };

const everyRowNew = ({ table }: PipelineData): Result<Sides, CliFailure> =>
  ok({ learnt: [], heldOut: [], fresh: Array.from({ length: table.rows }, (_, row) => row) });

function sidesOf(
  { table, task }: PipelineData,
  { folder, known }: Earlier,
): Result<Sides, CliFailure> {
  if (known === null)
    return failed(
      'wrong_usage',
      `The model in ${folder} does not say which rows it has learnt: name rows to measure on by --test.`,
    );
  const [wasLearnt, wasHeldOut] = [new Set(known.learnt), new Set(known.heldOut)];
  const sides: Sides = { learnt: [], heldOut: [], fresh: [] };
  rowPrints(table, isPredicted(task)).forEach((print, row) => {
    if (wasLearnt.has(print)) sides.learnt.push(row);
    else if (wasHeldOut.has(print)) sides.heldOut.push(row);
    else sides.fresh.push(row);
  });
  return ok(sides);
}

/** Rows that equal none of those of which these are the prints. @see rowPrints */
export function unseenRows({ table, task }: PipelineData, learnt: Uint32Array): number[] {
  const known = new Set(learnt);
  const prints = rowPrints(table, isPredicted(task));
  return Array.from(prints.keys()).filter((row) => !known.has(prints[row]));
}

/** Whether the target is learnt from. */
export const isPredicted = (task: PipelineData['task']): boolean =>
  task === 'regression' || isClassification(task);

/** The rows named, split by the rule; their numbers are the table's. */
function splitFresh(
  { task, table }: PipelineData,
  fresh: readonly number[],
  { testShare, seed, rule }: HoldOut,
): Result<Split, SplitError> {
  const options = { testSize: testShare, rng: createRng(seed) };
  const by = rule ?? { by: isClassification(task) ? 'stratified' : 'random' };
  const split = splitBy(by);
  if (!split.ok) return split;
  const rowsOf = (at: Uint32Array) => at.map((i) => fresh[i]);
  return ok({ training: rowsOf(split.value.training), test: rowsOf(split.value.test) });

  function splitBy(asked: SplitRule): Result<Split, SplitError> {
    switch (asked.by) {
      case 'random':
        return shuffleSplit(fresh.length, options);
      case 'stratified':
        return stratifiedShuffleSplit(
          fresh.map((row) => table.target[row]),
          options,
        );
      case 'group':
        return groupShuffleSplit(
          fresh.map((row) => asked.numbers[row]),
          options,
        );
      case 'time':
        return timeSplit(
          fresh.map((row) => asked.numbers[row]),
          options,
        );
    }
  }
}

function nothingLeft({ path, earlier }: HoldOut): string {
  if (earlier === null)
    return `${path}: no class has two rows, so that none is left to measure on.`;
  return (
    `The model in ${earlier.folder} has learnt the rows of ${path}, and none is left to measure on: ` +
    'add new rows, or name some by --test.'
  );
}

/** Classes that only one side has, and a share that is not the one asked for. */
function classNotes(
  { task, table, classes }: PipelineData,
  { test, asked }: { test: number; asked: HoldOut },
): string[] {
  const isStratified = asked.rule === null || asked.rule.by === 'stratified';
  if (!isClassification(task) || !isStratified) return [];
  const counts = classes.map((_, code) => countOf(table.target, code));
  const single = classes.filter((_, code) => counts[code] === 1);
  const wanted = Math.ceil(asked.testShare * table.rows - 1e-9);
  if (single.length === 0 && test >= wanted) return [];
  const more = single.length > 1 ? ` (the first is "${single[0]}")` : ` ("${single[0]}")`;
  const why =
    single.length === 0
      ? 'each class keeps a row to learn from'
      : `${single.length} of ${classes.length} classes${more} have one row, which is learnt from and never measured`;
  return [`${test} of ${table.rows} rows are held out, not ${wanted}: ${why}.`];
}

const countOf = (target: Float64Array, code: number): number =>
  target.reduce((count, found) => (found === code ? count + 1 : count), 0);
