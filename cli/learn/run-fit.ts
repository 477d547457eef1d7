import { resolve } from 'node:path';
import { ok, type Result } from '../../shared/core/result.ts';
import { createRng, shuffle } from '../../shared/core/rng.ts';
import type { AnomalyCalibration } from '../../shared/learn/anomaly/anomaly-threshold.ts';
import { findAlgorithm } from '../../shared/learn/catalogue.ts';
import { type Predictor, predictModel } from '../../shared/learn/ensemble/fitted-ensemble.ts';
import { joinPrints, type KnownRows, rowPrints } from '../../shared/learn/row-prints.ts';
import { isClassification } from '../../shared/learn/task.ts';
import { exportPipeline } from '../../shared/onnx/export-pipeline.ts';
import { type Table, takeRows } from '../../shared/table/table.ts';
import { type Report, reporting, type Tell } from '../command.ts';
import type { CliContext } from '../context.ts';
import { type CliFailure, failed } from '../failure.ts';
import { checkOutFolder } from '../out-path.ts';
import { misusedFairnessFlag } from './fairness-flags.ts';
import type { FitFlags, Fitted } from './fit-call.ts';
import { type FitData, readFitData } from './fit-data.ts';
import { checkSensitive, fitFair } from './fit-fairness.ts';
import { describeFairness, type FairnessJson } from './fit-fairness-report.ts';
import { type FitManifest, writeFitFolder } from './fit-folder.ts';
import { fitOne } from './fit-one.ts';
import { isPredicted } from './hold-out.ts';
import { algorithmNames, findKnownAlgorithm } from './known-algorithms.ts';
import { type Measured, measure } from './measure.ts';
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
  const misused = misusedFlag(flags, isSupervised);
  if (misused !== null) return failed('wrong_usage', misused);
  const warm = await openWarmStart(context, flags);
  if (!warm.ok) return warm;
  const isAuto = flags.algorithm === 'auto' && isSupervised;
  const isOpen = isAuto || warm.value !== null;
  const named = isOpen ? null : await findKnownAlgorithm(nameOf(flags), flags.task);
  if (named === undefined) return unknownAlgorithm(flags);
  const folder = await checkOutFolder(resolve(context.cwd, flags.out));
  if (!folder.ok) return folder;
  const startedMs = Date.now();
  const read = await readFitData({
    path: resolve(context.cwd, file),
    testPath: flags.test === undefined ? null : resolve(context.cwd, flags.test),
    ...{ target: flags.target ?? null, task: flags.task, seed: flags.seed, testShare: TEST_SHARE },
    ...(warm.value === null ? {} : { goOn: goOnFrom(warm.value, flags), earlier: warm.value }),
  });
  if (!read.ok) return read;
  const grouped = openSensitive(read.value, flags, file);
  if (!grouped.ok) return grouped;
  const { data, sensitive } = grouped.value;
  tellColumns(data, tell);
  const algorithm = data.from ? findAlgorithm(data.from.algorithm, flags.task) : named;
  const plain = await (algorithm
    ? fitOne(algorithm, data, flags)
    : searchAuto({ context, flags, tell }, data.training));
  if (!plain.ok) return plain;
  const fair =
    sensitive === null
      ? ok({ fitted: plain.value, fairness: null })
      : await fitFair(plain.value, data, { flags, sensitive, context });
  if (!fair.ok) return fair;
  const seconds = (Date.now() - startedMs) / 1000;
  return writeDown({ flags, context, data, ...fair.value, seconds, warm: warm.value });
});

/** What a flag needs that is not given. */
function misusedFlag(
  { task, algorithm, ...flags }: FitFlags,
  isSupervised: boolean,
): string | null {
  if (flags.calibrate !== undefined && !isClassification(task))
    return `--calibrate is for probabilities of classes: a ${task} has none.`;
  const isAuto = algorithm === 'auto' && isSupervised && flags.warmStart === undefined;
  if (flags.calibrate !== undefined && flags.warmStart !== undefined)
    return '--calibrate needs a model that begins anew: leave out --warm-start.';
  if (flags.outliers !== undefined && (isAuto || flags.warmStart !== undefined))
    return '--outliers needs --algorithm NAME without --warm-start: a search tries preparations itself.';
  return misusedFairnessFlag({ task, ...flags });
}

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

/** Without labels nothing says which algorithm is best: auto is the usual one. */
function nameOf({ algorithm, task }: FitFlags): string {
  if (algorithm !== 'auto') return algorithm;
  return task === 'anomaly' ? 'isolation-forest' : 'k-means';
}

async function unknownAlgorithm({ algorithm, task }: FitFlags) {
  const names = await algorithmNames(task);
  return failed(
    'wrong_usage',
    `There is no algorithm "${algorithm}" for ${task}. There are auto, ${names.join(', ')}.`,
  );
}

function tellColumns({ training, test, inferred }: FitData, tell: Tell): void {
  const { task } = training;
  const what =
    { anomaly: 'what is usual', clustering: 'clusters' }[task as string] ?? inferred.target;
  const left = inferred.report.filter(({ role }) => role === 'left_out');
  tell(
    `Learning ${what} from ${inferred.inputs.length} inputs: ` +
      `${training.table.rows} rows to learn from, ${test.table.rows} to measure on.`,
  );
  for (const { name, why } of left) tell(`Left out ${name}: ${why}.`);
  if (inferred.skippedRows > 0) tell(`${inferred.skippedRows} rows have no target.`);
}

type Done = {
  context: CliContext;
  flags: FitFlags;
  data: FitData;
  fitted: Fitted;
  /** Null where no groups are compared. */
  fairness: FairnessJson | null;
  seconds: number;
  warm: WarmStart | null;
};

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
  });
  const exported = exportPipeline(fitted.predictor);
  const manifest = manifestOf(done, measured);
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
  return ok(reportOf(done, { measured, files: written.value, sentences: graph }));
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

function manifestOf(
  { flags, data, fitted, fairness, seconds, warm }: Done,
  { metrics }: Measured,
): Omit<FitManifest, 'files'> {
  const { training, inferred, sha256 } = data;
  return {
    ...{ schemaVersion: 1, kind: 'fit', task: flags.task },
    inputs: inferred.inputs.map((input) => ({ ...input })) as FitManifest['inputs'],
    target: flags.target ?? null,
    classes: training.classes.length > 0 ? [...training.classes] : null,
    algorithm: algorithmOf(fitted.predictor),
    members: membersOf(fitted),
    seed: flags.seed,
    isDeterministic: fitted.isDeterministic,
    createdAt: new Date().toISOString(),
    ...{ seconds, rows: training.table.rows, datasetSha256: sha256 },
    interval: fitted.interval,
    ...(warm === null ? {} : { warmStart: warm.sha256 }),
    ...calibratedBy(fitted),
    ...(fitted.anomaly ? { anomaly: calibrationJson(fitted.anomaly) } : {}),
    ...(fairness === null ? {} : { fairness }),
    metrics: { test: metrics },
  };
}

const calibrationJson = ({ quantiles, upper, ...rest }: AnomalyCalibration) => ({
  ...rest,
  ...{ quantiles: [...quantiles], upper: [...upper] },
});

const calibratedBy = ({ predictor: { calibration } }: Fitted) =>
  calibration === undefined ? {} : { calibration: calibration.type };

const algorithmOf = (predictor: Predictor): string =>
  predictor.type === 'pipeline' ? predictor.algorithm : 'ensemble';

function membersOf({ predictor, weights }: Fitted): FitManifest['members'] {
  const members = predictor.type === 'pipeline' ? [predictor] : predictor.members;
  return members.map((member, i) => ({
    algorithm: algorithmOf(member),
    parameters: member.type === 'pipeline' ? member.parameters : {},
    weight: weights[i],
  }));
}

type Outcome = {
  measured: Measured;
  files: { onnx: string | null; manifest: string };
  sentences: string[];
};

function reportOf(done: Done, { measured, files, sentences }: Outcome): Report {
  const { flags, data, fitted, fairness, seconds } = done;
  const { training, inferred } = data;
  const algorithm = algorithmOf(fitted.predictor);
  const members = membersOf(fitted);
  const named = members
    .filter(({ weight }) => weight > 0)
    .map((m) => `${m.algorithm} ${(100 * m.weight).toFixed(0)} %`)
    .join(', ');
  return {
    json: {
      ...{ task: flags.task, algorithm, rows: training.table.rows },
      ...{ features: inferred.inputs.length, seconds, metrics: { test: measured.metrics } },
      files,
      members,
      interval: fitted.interval,
      ...(fitted.memory ? { memory: fitted.memory } : {}),
      ...calibratedBy(fitted),
      ...(fairness === null ? {} : { fairness }),
    },
    sentences: [
      `Fitted ${members.length === 1 ? algorithm : `an ensemble (${named})`} in ${seconds.toFixed(1)} s.`,
      measured.sentence,
      ...(fairness === null ? [] : describeFairness(fairness)),
      ...fitted.sentences,
      ...sentences,
      `Next: edgewise predict ${flags.out} --data FILE.csv --out predictions.csv`,
    ],
  };
}
