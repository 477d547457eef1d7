import { resolve } from 'node:path';
import { ok, type Result } from '../../shared/core/result.ts';
import { createRng } from '../../shared/core/rng.ts';
import { predictModel } from '../../shared/learn/ensemble/fitted-ensemble.ts';
import { explainModel } from '../../shared/learn/explain/explain-model.ts';
import { isClassification } from '../../shared/learn/task.ts';
import { readTableAs } from '../../shared/table/read-table-as.ts';
import { type Table, takeRows } from '../../shared/table/table.ts';
import { reporting } from '../command.ts';
import type { CliContext } from '../context.ts';
import { type CliFailure, failed } from '../failure.ts';
import { checkOutFile, writeOutFile } from '../out-path.ts';
import { type FitManifest, readFitManifest, readFitted } from './fit-folder.ts';
import type { FittedFile } from './fitted-schema.ts';
import { type Progress, startProgress } from './progress.ts';
import { readPieces, refusedTable } from './read-pieces.ts';

export type ExplainFlags = { data: string; out: string; rows?: number; json: boolean };

/** One row's prediction taken apart: base + contributions = prediction. */
type ExplainedRow = {
  prediction: number;
  /** The class whose probability is explained; absent for a regression. */
  label?: string;
  base: number;
  contributions: Record<string, number>;
};

const MAX_COALITIONS = 512;
/** Rows explained between two looks at the clock. */
const BLOCK_ROWS = 50;

/** Explains each row of a file by what its columns contributed. */
export const runExplain = reporting<ExplainFlags, [string]>(async ({ context, flags }, folder) => {
  const path = resolve(context.cwd, flags.out);
  const out = await checkOutFile(path, { read: [resolve(context.cwd, flags.data)] });
  if (!out.ok) return out;
  const opened = await openModel(context, folder, flags.data);
  if (!opened.ok) return opened;
  const progress = startProgress(context);
  const rows = explainRows(firstRows(opened.value, flags.rows), progress);
  progress.end();
  const written = await writeOutFile(path, `${JSON.stringify({ rows })}\n`);
  if (!written.ok) return written;
  const totals = meanMagnitudes(rows, opened.value.manifest);
  const most = totals.slice(0, 3).map(([name]) => name);
  return ok({
    json: { rows: rows.length, out: path, meanMagnitude: Object.fromEntries(totals) },
    sentences: [
      `Explained ${rows.length} predictions in ${flags.out}.`,
      ...(most.length > 0 ? [`What moves them most: ${most.join(', ')}.`] : []),
    ],
  });
});

/** Where no exact method applies a row takes some 20 ms: of a large file the first rows may be enough. */
function firstRows(opened: Opened, most = Number.POSITIVE_INFINITY): Opened {
  const { table } = opened;
  if (table.rows <= most) return opened;
  return {
    ...opened,
    table: takeRows(
      table,
      Uint32Array.from({ length: most }, (_, row) => row),
    ),
  };
}

type Opened = { manifest: FitManifest; fitted: FittedFile; table: Table };

async function openModel(
  { cwd }: CliContext,
  folderPath: string,
  dataPath: string,
): Promise<Result<Opened, CliFailure>> {
  const folder = resolve(cwd, folderPath);
  const manifest = await readFitManifest(folder);
  if (!manifest.ok) return manifest;
  const fitted = await readFitted(folder, manifest.value);
  if (!fitted.ok) return fitted;
  const text = await readPieces(resolve(cwd, dataPath));
  if (!text.ok) return text;
  const read = readTableAs(text.value.pieces, manifest.value, 'ignored');
  if (!read.ok) return refusedTable(dataPath, read.error);
  if (read.value.table.rows === 0) return failed('rows', `${dataPath} has a header and no row.`);
  return ok({ manifest: manifest.value, fitted: fitted.value, table: read.value.table });
}

function explainRows(opened: Opened, progress: Progress): ExplainedRow[] {
  const { table, manifest } = opened;
  const rows: ExplainedRow[] = [];
  const rng = createRng(manifest.seed);
  for (let from = 0; from < table.rows; from += BLOCK_ROWS) {
    const size = Math.min(BLOCK_ROWS, table.rows - from);
    const block = takeRows(
      table,
      Array.from({ length: size }, (_, i) => from + i),
    );
    rows.push(...explainBlock({ ...opened, table: block }, rng));
    progress.show(rows.length / table.rows, `${rows.length} of ${table.rows} rows`);
  }
  return rows;
}

function explainBlock({ manifest, fitted, table }: Opened, rng: () => number): ExplainedRow[] {
  const { predictor, background } = fitted;
  const predictions = predictModel(predictor, table);
  const outputs = predictions.length / table.rows;
  const outputOf = Uint16Array.from({ length: table.rows }, (_, row) =>
    explainedOutput(predictions.subarray(row * outputs, (row + 1) * outputs)),
  );
  const options = { background, maxCoalitions: MAX_COALITIONS, rng };
  const { base, contributions } = explainModel(predictor, { table, outputOf }, options);
  const names = manifest.inputs.map(({ name }) => name);
  return Array.from(outputOf, (output, row) => ({
    prediction: predictions[row * outputs + output],
    ...(isClassification(manifest.task) ? { label: manifest.classes?.[output] } : {}),
    base: base[row],
    contributions: Object.fromEntries(
      names.map((name, i) => [name, contributions[row * names.length + i]]),
    ),
  }));
}

/** Of two classes the second, of several the likeliest. */
function explainedOutput(shares: Float32Array): number {
  if (shares.length <= 2) return shares.length - 1;
  return shares.indexOf(shares.reduce((most, share) => Math.max(most, share)));
}

/** Mean magnitude of each column's contribution, greatest first. */
function meanMagnitudes(
  rows: readonly ExplainedRow[],
  { inputs }: FitManifest,
): [name: string, value: number][] {
  if (rows.length === 0) return [];
  return inputs
    .map(({ name }): [string, number] => {
      const sum = rows.reduce((total, row) => total + Math.abs(row.contributions[name]), 0);
      return [name, sum / rows.length];
    })
    .sort((a, b) => b[1] - a[1]);
}
