import { ok, type Result } from '../../shared/core/result.ts';
import { createRng } from '../../shared/core/rng.ts';
import type { FittedPipeline } from '../../shared/learn/pipeline.ts';
import { type PipelineData, takeData } from '../../shared/learn/pipeline-data.ts';
import { narrowTarget } from '../../shared/learn/target-range.ts';
import { isClassification, type Task } from '../../shared/learn/task.ts';
import { type InferredTable, inferTable } from '../../shared/table/infer-table.ts';
import { readTableAs } from '../../shared/table/read-table-as.ts';
import { sourceOf } from '../../shared/table/schema-row-reader.ts';
import { describeSplitError } from '../../shared/table/split/split.ts';
import { shuffleSplit, stratifiedShuffleSplit } from '../../shared/table/split/train-test-split.ts';
import { type CliFailure, failed } from '../failure.ts';
import { readPieces, refusedTable } from './read-pieces.ts';

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
  sha256: string;
};

const isSupervised = (task: Task): task is 'regression' | 'binary' | 'multiclass' =>
  task === 'regression' || isClassification(task);

/** Reads what is to be learnt from, and the rows it is to be measured on. */
export async function readFitData(source: FitSource): Promise<Result<FitData, CliFailure>> {
  const { path, target, task, testPath } = source;
  const text = await readPieces(path);
  if (!text.ok) return text;
  const read = inferTable(text.value.pieces, {
    ...(target === null ? {} : { target, task: isSupervised(task) ? task : 'binary' }),
  });
  if (!read.ok) return refusedTable(path, read.error);
  const known = asKnown(read.value, { source, pieces: text.value.pieces });
  if (!known.ok) return known;
  const { from, table, ...inferred } = known.value;
  if (table.rows < LEAST_ROWS)
    return failed(
      'rows',
      `${path} has ${table.rows} rows to learn from; ${LEAST_ROWS} are needed.`,
    );
  const narrow = task === 'regression' ? narrowTarget(table.target) : null;
  if (narrow !== null) return failed('rows', `${path}, column ${target}: ${narrow}.`);
  const classes = isClassification(task) ? (inferred.classes ?? []) : [];
  const isLabelled = target !== null;
  const all: PipelineData = { task, inputs: inferred.inputs, table, classes, weights: null };
  const { sha256 } = text.value;
  if (testPath === null) {
    const parts = heldOut(all, source);
    return parts.ok ? ok({ ...parts.value, isLabelled, from, inferred, sha256 }) : parts;
  }
  const testText = await readPieces(testPath);
  if (!testText.ok) return testText;
  const test = readTableAs(testText.value.pieces, inferred);
  if (!test.ok) return refusedTable(testPath, test.error);
  if (test.value.table.rows === 0) return failed('rows', `${testPath} has no row with a target.`);
  const tested = { ...all, table: test.value.table };
  return ok({ training: all, test: tested, isLabelled, from, inferred, sha256 });
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
  const { table, skippedRows } = read.value;
  const used = new Set(schema.inputs.map(sourceOf));
  const report = found.report.filter(({ name, role }) => role !== 'left_out' || !used.has(name));
  return ok({ ...found, ...schema, report, table, skippedRows, from: from.value });
}

function heldOut(
  all: PipelineData,
  { testShare, seed, path }: FitSource,
): Result<{ training: PipelineData; test: PipelineData }, CliFailure> {
  const options = { testSize: testShare, rng: createRng(seed) };
  const split = isClassification(all.task)
    ? stratifiedShuffleSplit(all.table.target, options)
    : shuffleSplit(all.table.rows, options);
  if (!split.ok) return failed('rows', `${path}: ${describeSplitError(split.error)}`);
  const { training, test } = split.value;
  if (test.length === 0)
    return failed('rows', `${path}: no class has two rows, so that none is left to measure on.`);
  return ok({ training: takeData(all, training), test: takeData(all, test) });
}
