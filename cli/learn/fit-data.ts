import { ok, type Result } from '../../shared/core/result.ts';
import type { Algorithm } from '../../shared/learn/algorithm.ts';
import type { FittedPipeline } from '../../shared/learn/pipeline.ts';
import type { PipelineData } from '../../shared/learn/pipeline-data.ts';
import type { SplitWords } from '../../shared/learn/settings/fit-settings.ts';
import { firstOutside, narrowTarget } from '../../shared/learn/target-range.ts';
import { isClassification, type Task } from '../../shared/learn/task.ts';
import type { ColumnOverride } from '../../shared/table/infer-column.ts';
import { type InferredTable, inferTable } from '../../shared/table/infer-table.ts';
import { type ReadTableAs, readTableAs, rowOfFile } from '../../shared/table/read-table-as.ts';
import { sourceOf } from '../../shared/table/schema-row-reader.ts';
import { type CliFailure, failed } from '../failure.ts';
import { type Earlier, holdOut, withoutLearnt } from './hold-out.ts';
import { readPieces, refusedTable, type TextPieces } from './read-pieces.ts';
import { readSplitRule, splitColumn } from './split-rule.ts';

/** Fewer rows than this teach nothing that a test could tell from chance. */
const LEAST_ROWS = 10;

export type FitTask = Task;

export type FitSource = {
  path: string;
  /** Null: nothing is to be predicted. For anomalies a target only measures: which rows are strange. */
  target: string | null;
  task: FitTask;
  /** Null: a share of the rows is held out, of each class alike. */
  testPath: string | null;
  testShare: number;
  seed: number;
  /** Which rows are held out; absent: of classes each alike, else any. */
  split?: SplitWords;
  /** What is known of columns by name; the others are guessed. */
  columns?: Readonly<Record<string, ColumnOverride>>;
  /** What is to be fitted: targets must be in the range of each. */
  algorithms?: readonly Algorithm[];
  /** What the model that is gone on from has learnt; absent: nothing is gone on from. */
  earlier?: Earlier;
  /** Finds the pipeline to go on from, for columns and classes as found; absent: none. */
  goOn?: (found: Found) => Result<FittedPipeline, CliFailure>;
};

type Found = Pick<PipelineData, 'inputs' | 'classes'> & {
  /** Columns of the file that, for all these rows tell, are no inputs: constant ones above all. */
  leftOut: readonly string[];
};

export type FitData = {
  training: PipelineData;
  test: PipelineData;
  /** Whether the rows say what is right. */
  isLabelled: boolean;
  /** The pipeline to go on from, whose columns and classes these are; null: none. */
  from: FittedPipeline | null;
  inferred: Omit<InferredTable, 'table'>;
  /** Of a file to measure on: what the model does not know of it. Null: there is no such file. */
  testFile: TestFile | null;
  /** What there is to tell of the rows held out. */
  notes: readonly string[];
  sha256: string;
};

export type TestFile = { path: string } & Pick<ReadTableAs, 'unseen' | 'ignored' | 'skipped'>;

const isSupervised = (task: Task): task is 'regression' | 'binary' | 'multiclass' =>
  task === 'regression' || isClassification(task);

/** Reads what is to be learnt from, and the rows it is to be measured on. */
export async function readFitData(source: FitSource): Promise<Result<FitData, CliFailure>> {
  const { path, target, task, testPath } = source;
  const text = await readPieces(path);
  if (!text.ok) return text;
  const { pieces, sha256 } = text.value;
  const read = inferTable(pieces, {
    ...(target === null ? {} : { target, task: isSupervised(task) ? task : 'binary' }),
    columns: { ...apart(source), ...source.columns },
  });
  if (!read.ok) return refusedTable(path, read.error);
  const known = asKnown(read.value, { source, pieces });
  if (!known.ok) return known;
  const { from, table, ...inferred } = known.value;
  const refused = refusedRows(source, { ...inferred, table });
  if (refused !== null) return failed('rows', refused);
  const classes = isClassification(task) ? (inferred.classes ?? []) : [];
  const all: PipelineData = { task, inputs: inferred.inputs, table, classes, weights: null };
  const parts =
    testPath === null
      ? splitRows(all, { source, text: text.value, skipped: inferred.skipped })
      : await readTest(all, { source, path: testPath, inferred });
  if (!parts.ok) return parts;
  return ok({ ...parts.value, isLabelled: target !== null, from, inferred, sha256 });
}

/** A column that rows are held out by group of names rows to come: nothing is learnt from it. */
function apart({ split }: FitSource): Record<string, ColumnOverride> {
  const column = split?.startsWith('group:') ? splitColumn(split) : null;
  return column === null ? {} : { [column]: 'left_out' };
}

/** Why nothing can be learnt from the rows, for their number or their targets; null: it can. */
function refusedRows(
  { path, target, task, algorithms = [] }: FitSource,
  { table, skipped }: Pick<InferredTable, 'table' | 'skipped'>,
): string | null {
  if (table.rows < LEAST_ROWS)
    return `${path} has ${table.rows} rows to learn from; ${LEAST_ROWS} are needed.`;
  if (task !== 'regression') return null;
  const [first] = table.target;
  if (table.target.every((value) => value === first))
    return `${path}, column ${target}: every target is ${first}, so that there is nothing to predict.`;
  const narrow = narrowTarget(table.target);
  if (narrow !== null) return `${path}, column ${target}: ${narrow}.`;
  for (const algorithm of algorithms) {
    const outside = firstOutside(algorithm, table.target);
    if (outside !== null)
      return (
        `${algorithm.name} learns ${algorithm.targetRange} numbers, but a target is ${outside.value} ` +
        `(row ${rowOfFile(outside.row, skipped)}, column ${target}): choose another --algorithm, or shift the target.`
      );
  }
  return null;
}

type Sides = Pick<FitData, 'training' | 'test' | 'testFile' | 'notes'>;

function splitRows(
  all: PipelineData,
  { source, text, skipped }: { source: FitSource; text: TextPieces; skipped: readonly number[] },
): Result<Sides, CliFailure> {
  const { path, testShare, seed, split, earlier = null } = source;
  const rule =
    split === undefined ? ok(null) : readSplitRule(split, { path, skipped, pieces: text.pieces });
  if (!rule.ok) return rule;
  const parts = holdOut(all, { path, testShare, seed, rule: rule.value, earlier });
  return parts.ok ? ok({ ...parts.value, testFile: null }) : parts;
}

async function readTest(
  all: PipelineData,
  { source, path, inferred }: { source: FitSource; path: string; inferred: FitData['inferred'] },
): Promise<Result<Sides, CliFailure>> {
  const text = await readPieces(path);
  if (!text.ok) return text;
  const read = readTableAs(text.value.pieces, inferred);
  if (!read.ok) return refusedTable(path, read.error);
  const { table, unseen, skipped } = read.value;
  if (table.rows === 0) return failed('rows', `${path} has no row with a target.`);
  const left = withoutLearnt({ ...all, table }, { path, earlier: source.earlier ?? null });
  if (!left.ok) return left;
  // A column that nothing was learnt from in either file is no news.
  const known = new Set(inferred.report.map(({ name }) => name));
  const ignored = read.value.ignored.filter((name) => !known.has(name));
  return ok({ training: all, ...left.value, testFile: { path, unseen, ignored, skipped } });
}

/** The rows as the pipeline that is gone on from knows its columns, or as they were guessed. */
function asKnown(
  found: InferredTable,
  { source, pieces }: { source: FitSource; pieces: string[] },
): Result<InferredTable & { from: FittedPipeline | null }, CliFailure> {
  const { goOn, path, task } = source;
  if (goOn === undefined) return ok({ ...found, from: null });
  const classes = isClassification(task) ? (found.classes ?? []) : [];
  const unused = found.report.filter(({ role }) => role === 'left_out');
  const leftOut = unused.map(({ name }) => name);
  const from = goOn({ inputs: found.inputs, classes, leftOut });
  if (!from.ok) return from;
  const schema = {
    inputs: [...from.value.inputs],
    target: found.target,
    classes: found.classes === null ? null : [...from.value.classes],
  };
  const read = readTableAs(pieces, schema);
  if (!read.ok) return refusedTable(path, read.error);
  const { table, skippedRows, skipped } = read.value;
  const used = new Set(schema.inputs.map(sourceOf));
  const report = found.report.filter(({ name, role }) => role !== 'left_out' || !used.has(name));
  return ok({ ...found, ...schema, report, table, skippedRows, skipped, from: from.value });
}
