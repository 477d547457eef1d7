import type { FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ok, type Result } from '../../shared/core/result.ts';
import type { AnomalyCalibration } from '../../shared/learn/anomaly/anomaly-threshold.ts';
import { createBlockReader } from '../../shared/table/read-table-as.ts';
import type { Table } from '../../shared/table/table.ts';
import { reporting } from '../command.ts';
import { type CliFailure, failed, whyNot } from '../failure.ts';
import { checkOutFile, openOutFile } from '../out-path.ts';
import { type FitManifest, readFitManifest } from './fit-folder.ts';
import { openScorer } from './open-scorer.ts';
import { predictionsCsv, predictionsHeader } from './predictions-csv.ts';
import { type Progress, startProgress } from './progress.ts';
import { pushFile } from './push-file.ts';
import { refusedTable } from './read-pieces.ts';
import type { RuntimeName, Scorer } from './scorer.ts';
import { greatestIn, type Unanswered, unansweredIn } from './unanswered.ts';

export type PredictFlags = { data: string; out: string; runtime?: RuntimeName; json: boolean };

const BLOCK_ROWS = 4096;

/** Predicts each row of a file, in its order, by the model in a folder that `fit` wrote. */
export const runPredict = reporting<PredictFlags, [string]>(async ({ context, flags }, folder) => {
  const out = resolve(context.cwd, flags.out);
  const writable = await checkOutFile(out, { read: [resolve(context.cwd, flags.data)] });
  if (!writable.ok) return writable;
  const manifest = await readFitManifest(resolve(context.cwd, folder));
  if (!manifest.ok) return manifest;
  const scorer = await openScorer(resolve(context.cwd, folder), manifest.value, flags.runtime);
  if (!scorer.ok) return scorer;
  const data = { path: resolve(context.cwd, flags.data), manifest: manifest.value };
  // Read twice: a file that is refused has cost no prediction that was there before.
  const rowsInAll = await readBlocks(data, () => Promise.resolve());
  if (!rowsInAll.ok) return rowsInAll;
  const progress = startProgress(context);
  const written = await writePredictions(out, data, {
    ...{ scorer: scorer.value, classes: manifest.value.classes ?? [], progress },
    rowsInAll: rowsInAll.value,
    radius: manifest.value.interval?.radius ?? null,
    anomaly: calibrationOf(manifest.value),
  });
  progress.end();
  if (!written.ok) return written;
  const { rows, seconds, unanswered, unseen } = written.value;
  return ok({
    json: {
      ...{ rows, runtime: scorer.value.runtime, seconds, unseen },
      ...{ unanswered: unanswered?.rows ?? 0, files: { predictions: out } },
    },
    isPartial: unanswered !== null,
    sentences: [
      ...(unanswered === null ? [] : [describeUnanswered(unanswered)]),
      `Predicted ${rows} rows in ${seconds.toFixed(2)} s (${describeRuntime(scorer.value)}): ${flags.out}`,
      ...unseen.map(
        ({ column, cells, example }) =>
          `${column}: ${cells} cells hold a category the model does not know, such as "${example}".`,
      ),
    ],
  });
});

const calibrationOf = ({ anomaly }: FitManifest): AnomalyCalibration | null =>
  anomaly === undefined
    ? null
    : {
        ...anomaly,
        quantiles: Float32Array.from(anomaly.quantiles),
        upper: Float32Array.from(anomaly.upper),
      };

const describeRuntime = ({ runtime }: Scorer): string =>
  ({
    own: 'our own runtime',
    onnxruntime: 'onnxruntime',
    fitted: 'the fitted model itself: it has no ONNX file',
  })[runtime];

type Data = { path: string; manifest: FitManifest };

/**
 * Hands on a file's rows as the model knows its columns, block by block; a missing value keeps its row.
 * @returns how many there are
 * @throws what `take` throws
 */
async function readBlocks(
  { path, manifest: { inputs, target, classes } }: Data,
  take: (block: Table) => Promise<void>,
): Promise<Result<number, CliFailure>> {
  const blocks: Table[] = [];
  const keepingAll = inputs.map((input) => ({ ...input, missing: 'impute' as const }));
  const reader = createBlockReader(
    { inputs: keepingAll, target, classes },
    { use: 'ignored', blockRows: BLOCK_ROWS, onBlock: (block) => blocks.push(block) },
  );
  let thrown: { error: unknown } | null = null;
  const takeAll = async () => {
    try {
      for (const block of blocks.splice(0)) if (thrown === null) await take(block);
    } catch (error) {
      thrown = { error };
    }
  };
  const push = (text: string) => {
    reader.push(text);
    return takeAll();
  };
  const pushed = await pushFile(path, { name: path, push });
  if (!pushed.ok) return pushed;
  const read = reader.end();
  await takeAll();
  const broken = thrown as { error: unknown } | null;
  if (broken !== null) throw broken.error;
  if (!read.ok) return refusedTable(path, read.error);
  if (read.value.rows === 0) return failed('rows', `${path} has a header and no row.`);
  return ok(read.value.rows);
}

type Writing = {
  rowsInAll: number;
  scorer: Scorer;
  classes: string[];
  radius: number | null;
  anomaly: AnomalyCalibration | null;
  progress: Progress;
};

type ToldUnanswered = Unanswered & { what: string };
type Unseen = { column: string; cells: number; example: string };
type Written = {
  rows: number;
  seconds: number;
  unanswered: ToldUnanswered | null;
  unseen: Unseen[];
};

const describeUnanswered = ({ rows, first, what }: ToldUnanswered): string =>
  `${rows} rows are left empty, for which the model has no finite number: the first is row ${first + 1}, where ${what}.`;

async function writePredictions(
  path: string,
  data: Data,
  writing: Writing,
): Promise<Result<Written, CliFailure>> {
  try {
    return await openOutFile(path, (file) => writeBlocks(file, data, writing));
  } catch (error) {
    if (error instanceof OtherClasses)
      return failed('version_files', "The manifest has changed: its classes are not the model's.");
    const why = whyNot(error);
    return failed('file', `The predictions cannot be made or written to ${path}: ${why}.`);
  }
}

class OtherClasses extends Error {}

async function writeBlocks(
  file: FileHandle,
  data: Data,
  { scorer, classes, radius, anomaly, progress, rowsInAll }: Writing,
): Promise<Result<Written, CliFailure>> {
  let rows = 0;
  let scoringMs = 0;
  let unanswered = null as ToldUnanswered | null;
  const unseen = new Map<string, Unseen>();
  await file.appendFile(predictionsHeader({ classes, radius, anomaly }));
  const read = await readBlocks(data, async (block) => {
    const startedMs = performance.now();
    const scored = await scorer.score(block);
    scoringMs += performance.now() - startedMs;
    if (scored.values.length !== block.rows * Math.max(1, classes.length)) throw new OtherClasses();
    await file.appendFile(predictionsCsv({ ...scored, classes, radius, anomaly }));
    const found = unansweredIn(scored.values, block.rows);
    if (found !== null)
      unanswered = {
        ...(unanswered ?? { first: rows + found.first, what: greatestIn(block, found.first) }),
        rows: (unanswered?.rows ?? 0) + found.rows,
      };
    addUnseen(unseen, block);
    rows += block.rows;
    progress.show(rows / rowsInAll, `${rows} rows`);
  });
  if (!read.ok) return read;
  return ok({ rows, seconds: scoringMs / 1000, unanswered, unseen: [...unseen.values()] });
}

/** Categories that no level of the model is, by column. */
function addUnseen(found: Map<string, Unseen>, { columns }: Table): void {
  for (const column of columns) {
    if (column.type === 'number') continue;
    const { codes, declared, dictionary, name } = column;
    const cells = codes.reduce((sum, code) => sum + (code >= declared ? 1 : 0), 0);
    if (cells === 0) continue;
    const before = found.get(name) ?? { column: name, cells: 0, example: dictionary[declared] };
    found.set(name, { ...before, cells: before.cells + cells });
  }
}
