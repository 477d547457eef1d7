import { resolve } from 'node:path';
import { ok, type Result } from '../../shared/core/result.ts';
import { createRng, shuffle } from '../../shared/core/rng.ts';
import { rowsLearnt } from '../../shared/learn/ensemble/fit-model.ts';
import { predictModel } from '../../shared/learn/ensemble/fitted-ensemble.ts';
import {
  algorithmsOf,
  type ModelChoice,
  quantileOf,
} from '../../shared/learn/ensemble/model-choice.ts';
import { joinPrints, type KnownRows, rowPrints } from '../../shared/learn/row-prints.ts';
import { exportPipeline } from '../../shared/onnx/export-pipeline.ts';
import { type Table, takeRows } from '../../shared/table/table.ts';
import { type Report, reporting, type Tell } from '../command.ts';
import type { CliContext } from '../context.ts';
import { type CliFailure, failed } from '../failure.ts';
import { checkOutFolder } from '../out-path.ts';
import type { FitFlags } from './fit-call.ts';
import { type FitData, readFitData } from './fit-data.ts';
import { checkSensitive, fitFair } from './fit-fairness.ts';
import { writeFitFolder } from './fit-folder.ts';
import { intervalOf } from './fit-interval.ts';
import { fitOne } from './fit-one.ts';
import { planFit } from './fit-plan.ts';
import { algorithmOf, type Done, manifestOf, reportOf } from './fit-report.ts';
import { isPredicted, unseenRows } from './hold-out.ts';
import { measure } from './measure.ts';
import { describeLeftOut, leftOutOf } from './rows-left-out.ts';
import { searchAuto } from './search-auto.ts';
import { readSensitive, type SensitiveRows } from './sensitive-column.ts';
import { greatestIn, unansweredIn } from './unanswered.ts';
import { goOnFrom, readWarmStart, type WarmStart } from './warm-start.ts';

const TEST_SHARE = 0.2;

/** Fits a model to a file, measures it on rows it has not seen, and leaves it in a folder. */
export const runFit = reporting<FitFlags, [string]>(async ({ context, flags, tell }, file) => {
  const isSupervised = flags.task !== 'anomaly' && flags.task !== 'clustering';
  if (isSupervised && flags.target === undefined)
    return failed('wrong_usage', `A ${flags.task} needs --target: the column to be predicted.`);
  const warm = await openWarmStart(context, flags);
  if (!warm.ok) return warm;
  const plan = await planFit(flags, { cwd: context.cwd, warm: warm.value });
  if (!plan.ok) return plan;
  const { model, split, columns } = plan.value;
  const folder = await checkOutFolder(resolve(context.cwd, flags.out));
  if (!folder.ok) return folder;
  const startedMs = Date.now();
  const read = await readFitData({
    path: resolve(context.cwd, file),
    testPath: flags.test === undefined ? null : resolve(context.cwd, flags.test),
    ...{ target: flags.target ?? null, task: flags.task, seed: flags.seed, testShare: TEST_SHARE },
    ...(split === null ? {} : { split }),
    ...{ columns, algorithms: model === null ? [] : algorithmsOf(model) },
    ...(warm.value === null ? {} : { goOn: goOnFrom(warm.value, flags), earlier: warm.value }),
  });
  if (!read.ok) return read;
  const grouped = openSensitive(read.value, flags, file);
  if (!grouped.ok) return grouped;
  const { data, sensitive } = grouped.value;
  tellColumns(data, { model, seed: flags.seed, tell });
  const plain = await (model === null
    ? searchAuto({ context, flags, tell }, data.training)
    : fitOne(model, data, { context, flags, tell }));
  if (!plain.ok) return plain;
  const fair =
    sensitive === null
      ? ok({ fitted: plain.value, fairness: null })
      : await fitFair(plain.value, data, { flags, sensitive, context });
  if (!fair.ok) return fair;
  const seconds = (Date.now() - startedMs) / 1000;
  const done = { flags, context, data, ...fair.value, seconds, plan: plan.value };
  return writeDown({ ...done, warm: warm.value });
});

/** The groups of the rows, where decisions are to be compared by them. */
function openSensitive(
  data: FitData,
  flags: FitFlags,
  file: string,
): Result<{ data: FitData; sensitive: SensitiveRows | null }, CliFailure> {
  const { sensitive: name, sensitiveInput: isInput } = flags;
  if (name === undefined) return ok({ data, sensitive: null });
  const read = readSensitive(data, { name, isInput, file });
  if (!read.ok) return read;
  const { sensitive } = read.value;
  const checked = checkSensitive(data.training, { flags, sensitive });
  return checked.ok ? read : checked;
}

async function openWarmStart(
  { cwd }: CliContext,
  { warmStart }: FitFlags,
): Promise<Result<WarmStart | null, CliFailure>> {
  return warmStart === undefined ? ok(null) : readWarmStart(resolve(cwd, warmStart));
}

type Telling = { model: ModelChoice | null; seed: number; tell: Tell };

function tellColumns(data: FitData, { model, seed, tell }: Telling): void {
  const { training, test, inferred } = data;
  const { task } = training;
  const what =
    { anomaly: 'what is usual', clustering: 'clusters' }[task as string] ?? inferred.target;
  const all = training.table.rows;
  const rows = model === null ? all : rowsLearnt(training, model, seed);
  tell(
    `Learning ${what} from ${inferred.inputs.length} inputs: ` +
      `${rows} rows to learn from${rows < all ? ` (of ${all})` : ''}, ${test.table.rows} to measure on.`,
  );
  for (const sentence of describeLeftOut(leftOutOf(data), data.testFile)) tell(sentence);
  for (const note of data.notes) tell(note);
}

async function writeDown(done: Done): Promise<Result<Report, CliFailure>> {
  const { context, flags, data, fitted } = done;
  const { test } = data;
  const predictions = predictModel(fitted.predictor, test.table);
  const unanswered = unansweredIn(predictions, test.table.rows);
  if (unanswered !== null)
    return failed(
      'no_model',
      `${algorithmOf(fitted.predictor)} has no finite answer to ${unanswered.rows} of ` +
        `${test.table.rows} test rows (in one, ${greatestIn(test.table, unanswered.first)}): ` +
        'its sums overflow. Scale such numbers or the target, or choose another --algorithm.',
    );
  const measured = measure(test, predictions, {
    isLabelled: data.isLabelled,
    threshold: fitted.anomaly?.threshold ?? null,
    quantile: quantileOf(fitted.model),
    rowsLearnt: data.testFile === null ? 0 : rowsInBoth(data),
  });
  const interval = fitted.interval ?? intervalOf(test, predictions);
  const whole = { ...done, fitted: { ...fitted, interval } };
  const exported = exportPipeline(fitted.predictor);
  const manifest = manifestOf(whole, measured);
  const written = await writeFitFolder(resolve(context.cwd, flags.out), {
    manifest,
    fitted: {
      ...{ predictor: fitted.predictor, background: backgroundOf(data, flags.seed) },
      known: knownRows(done),
    },
    onnx: exported.ok ? exported.value : null,
  });
  if (!written.ok) return written;
  const graph = exported.ok ? [] : [`There is no ONNX file: ${exported.error.detail}.`];
  return ok(reportOf(whole, { measured, files: written.value, sentences: graph }));
}

/** Rows of the file to measure on that equal one to learn from. */
function rowsInBoth({ training, test }: FitData): number {
  const learnt = rowPrints(training.table, isPredicted(training.task));
  return test.table.rows - unseenRows(test, learnt).length;
}

/** Prints of the rows of this fit, and of those that it went on from. */
function knownRows({ data: { training, test }, warm }: Done): KnownRows {
  const isTarget = isPredicted(training.task);
  const { learnt = new Uint32Array(0), heldOut = new Uint32Array(0) } = warm?.known ?? {};
  return {
    learnt: joinPrints(learnt, rowPrints(training.table, isTarget)),
    heldOut: joinPrints(heldOut, rowPrints(test.table, isTarget)),
  };
}

/** Enough to average over, few enough to be quick. */
const BACKGROUND_ROWS = 50;

function backgroundOf({ training }: FitData, seed: number): Table {
  const { table } = training;
  const rows = shuffle(
    Uint32Array.from({ length: table.rows }, (_, row) => row),
    createRng(seed),
  );
  return takeRows(table, rows.slice(0, BACKGROUND_ROWS).sort());
}
