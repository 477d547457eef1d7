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
import { readPieces, refusedTable } from './read-pieces.ts';
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
  const blocks = await readBlocks(resolve(context.cwd, flags.data), manifest.value);
  if (!blocks.ok) return blocks;
  const progress = startProgress(context);
  const written = await writePredictions(out, blocks.value, {
    ...{ scorer: scorer.value, classes: manifest.value.classes ?? [], progress },
    radius: manifest.value.interval?.radius ?? null,
    anomaly: calibrationOf(manifest.value),
  });
  progress.end();
  if (!written.ok) return written;
  const { rows, seconds, unanswered } = written.value;
  const unseen = unseenIn(blocks.value);
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

/** A file's rows as the model knows its columns. A missing value keeps its row. */
async function readBlocks(
  path: string,
  { inputs, target, classes }: FitManifest,
): Promise<Result<Table[], CliFailure>> {
  const text = await readPieces(path);
  if (!text.ok) return text;
  const blocks: Table[] = [];
  const keepingAll = inputs.map((input) => ({ ...input, missing: 'impute' as const }));
  const reader = createBlockReader(
    { inputs: keepingAll, target, classes },
    { use: 'ignored', blockRows: BLOCK_ROWS, onBlock: (block) => blocks.push(block) },
  );
  for (const piece of text.value.pieces) reader.push(piece);
  const read = reader.end();
  if (!read.ok) return refusedTable(path, read.error);
  if (read.value.rows === 0) return failed('rows', `${path} has a header and no row.`);
  return ok(blocks);
}

type Writing = {
  scorer: Scorer;
  classes: string[];
  radius: number | null;
  anomaly: AnomalyCalibration | null;
  progress: Progress;
};

type ToldUnanswered = Unanswered & { what: string };
type Written = { rows: number; seconds: number; unanswered: ToldUnanswered | null };

const describeUnanswered = ({ rows, first, what }: ToldUnanswered): string =>
  `${rows} rows are left empty, for which the model has no finite number: the first is row ${first + 1}, where ${what}.`;

async function writePredictions(
  path: string,
  blocks: readonly Table[],
  writing: Writing,
): Promise<Result<Written, CliFailure>> {
  try {
    return ok(await openOutFile(path, (file) => writeBlocks(file, blocks, writing)));
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
  blocks: readonly Table[],
  { scorer, classes, radius, anomaly, progress }: Writing,
): Promise<Written> {
  let rows = 0;
  let scoringMs = 0;
  let unanswered = null as ToldUnanswered | null;
  await file.appendFile(predictionsHeader({ classes, radius, anomaly }));
  for (const [i, block] of blocks.entries()) {
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
    rows += block.rows;
    progress.show((i + 1) / blocks.length, `${rows} rows`);
  }
  return { rows, seconds: scoringMs / 1000, unanswered };
}

/** Categories that no level of the model is, by column. */
function unseenIn(blocks: readonly Table[]) {
  const found = new Map<string, { cells: number; example: string }>();
  for (const column of blocks.flatMap((block) => block.columns)) {
    if (column.type === 'number') continue;
    const { codes, declared, dictionary, name } = column;
    const cells = codes.reduce((sum, code) => sum + (code >= declared ? 1 : 0), 0);
    if (cells === 0) continue;
    const before = found.get(name) ?? { cells: 0, example: dictionary[declared] };
    found.set(name, { ...before, cells: before.cells + cells });
  }
  return [...found].map(([column, told]) => ({ column, ...told }));
}
