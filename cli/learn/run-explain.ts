import { resolve } from 'node:path';
import { ok, type Result } from '../../shared/core/result.ts';
import { createRng } from '../../shared/core/rng.ts';
import { createExplainer, hasMargins } from '../../shared/learn/explain/explainer.ts';
import type { Explainer } from '../../shared/learn/explain/explanation.ts';
import { readTableAs } from '../../shared/table/read-table-as.ts';
import { takeRows } from '../../shared/table/table.ts';
import { reporting } from '../command.ts';
import type { CliContext } from '../context.ts';
import { type CliFailure, failed } from '../failure.ts';
import { checkOutFile, writeOutFile } from '../out-path.ts';
import type { ExplainFlags, Opened } from './explain-call.ts';
import { type ExplainedRow, explainRows, meanMagnitudes } from './explain-rows.ts';
import { type FitManifest, readFitManifest, readFitted } from './fit-folder.ts';
import { watchInterruption } from './interruption.ts';
import { startProgress } from './progress.ts';
import { readPieces, refusedTable } from './read-pieces.ts';

const MAX_COALITIONS = 512;

/** Explains each row of a file by what its columns contributed, and if asked how the model answers. */
export const runExplain = reporting<ExplainFlags, [string]>(
  async ({ context, flags, tell }, folder) => {
    const path = resolve(context.cwd, flags.out);
    const out = await checkOutFile(path, { read: [resolve(context.cwd, flags.data)] });
    if (!out.ok) return out;
    const opened = await openModel(context, folder, flags);
    if (!opened.ok) return opened;
    const { manifest, fitted, table } = opened.value;
    if (flags.space === 'margin' && !hasMargins(fitted.predictor))
      return failed(
        'wrong_usage',
        `${manifest.algorithm} adds up no margins that can be explained: leave out --space.`,
      );
    const { background } = fitted;
    const explainer = createExplainer(fitted.predictor, {
      ...{ background, maxCoalitions: MAX_COALITIONS, space: flags.space },
      rng: createRng(manifest.seed),
    });
    const progress = startProgress(context);
    const interruption = watchInterruption(() => tell('Interrupted: keeping what is there.'));
    const explaining = { explainer, space: flags.space, progress, interruption };
    const rows = await explainRows(opened.value, explaining);
    interruption.end();
    progress.end();
    const units = unitsOf(manifest, flags.space);
    const { methods, isExact } = explainer;
    const explained = { units, methods, isExact, rows };
    const written = await writeOutFile(path, `${JSON.stringify(explained)}\n`);
    if (!written.ok) return written;
    return ok(reportOf({ manifest, flags, asked: table.rows, explainer, rows, path, units }));
  },
);

async function openModel(
  { cwd }: CliContext,
  folderPath: string,
  { data, rows: most = Number.POSITIVE_INFINITY }: ExplainFlags,
): Promise<Result<Opened, CliFailure>> {
  const folder = resolve(cwd, folderPath);
  const manifest = await readFitManifest(folder);
  if (!manifest.ok) return manifest;
  const fitted = await readFitted(folder, manifest.value);
  if (!fitted.ok) return fitted;
  const text = await readPieces(resolve(cwd, data));
  if (!text.ok) return text;
  const read = readTableAs(text.value.pieces, manifest.value, 'ignored');
  if (!read.ok) return refusedTable(data, read.error);
  const { table } = read.value;
  if (table.rows === 0) return failed('rows', `${data} has a header and no row.`);
  const first = Uint32Array.from({ length: Math.min(most, table.rows) }, (_, row) => row);
  return ok({
    ...{ manifest: manifest.value, fitted: fitted.value },
    table: first.length === table.rows ? table : takeRows(table, first),
  });
}

/** What base, contributions and prediction are counted in. */
function unitsOf({ task, target }: FitManifest, space: ExplainFlags['space']): string {
  if (space === 'margin' && task === 'binary') return 'log odds';
  if (space === 'margin' && task === 'multiclass') return 'score before the softmax';
  const units = {
    regression: space === 'margin' ? `score of ${target}` : `${target}`,
    ...{ binary: 'probability', multiclass: 'probability', anomaly: 'score' },
    clustering: 'share of rows in the cluster',
  };
  return units[task];
}

type Done = {
  manifest: FitManifest;
  flags: ExplainFlags;
  asked: number;
  explainer: Explainer;
  rows: readonly ExplainedRow[];
  path: string;
  units: string;
};

function reportOf({ manifest, flags, asked, explainer, rows, path, units }: Done) {
  const { methods, isExact } = explainer;
  const totals = meanMagnitudes(rows, manifest);
  const most = totals.slice(0, 3).map(([name]) => name);
  const isPartial = rows.length < asked;
  const left = isPartial ? `, the first of ${asked}` : '';
  return {
    json: {
      ...{ rows: rows.length, out: path, units, methods, isExact },
      meanMagnitude: Object.fromEntries(totals),
    },
    isPartial,
    sentences: [
      `Explained ${rows.length} predictions${left} in ${flags.out} (${units}, by ${methods.join(' and ')}).`,
      ...(most.length > 0 ? [`What moves them most: ${most.join(', ')}.`] : []),
    ],
  };
}
