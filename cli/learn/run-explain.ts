import { resolve } from 'node:path';
import { ok, type Result } from '../../shared/core/result.ts';
import { createRng } from '../../shared/core/rng.ts';
import { createExplainer, hasMargins } from '../../shared/learn/explain/explainer.ts';
import { readTableAs } from '../../shared/table/read-table-as.ts';
import { takeRows } from '../../shared/table/table.ts';
import { type Report, reporting, type Tell } from '../command.ts';
import type { CliContext } from '../context.ts';
import { type CliFailure, failed } from '../failure.ts';
import { checkOutFile, writeOutFile } from '../out-path.ts';
import type { ExplainFlags, Opened } from './explain-call.ts';
import {
  fixedInputs,
  parseWanted,
  type Search,
  searchCounterfactuals,
} from './explain-counterfactuals.ts';
import { effectsOf, importanceOf } from './explain-model.ts';
import { explainRows, meanMagnitudes } from './explain-rows.ts';
import { type FitManifest, readFitManifest, readFitted } from './fit-folder.ts';
import { watchInterruption } from './interruption.ts';
import { startProgress } from './progress.ts';
import { readPieces, refusedTable } from './read-pieces.ts';

const MAX_COALITIONS = 512;

/** Explains each row of a file by what its columns contributed, and if asked how the model answers. */
export const runExplain = reporting<ExplainFlags, [string]>(async (call, folder) => {
  const { context, flags } = call;
  const path = resolve(context.cwd, flags.out);
  const out = await checkOutFile(path, { read: [resolve(context.cwd, flags.data)] });
  if (!out.ok) return out;
  const opened = await openModel(context, folder, flags);
  if (!opened.ok) return opened;
  const asked = askedOf(opened.value, flags);
  if (!asked.ok) return asked;
  const dataPath = resolve(context.cwd, flags.data);
  const importance = flags.importance
    ? await importanceOf(opened.value, { dataPath, shownPath: flags.data })
    : ok(null);
  if (!importance.ok) return importance;
  const said = await explainAll(call, opened.value, asked.value);
  const shares = importance.value === null ? {} : { importance: importance.value };
  const text = `${JSON.stringify({ ...shares, ...said.explained })}\n`;
  const written = await writeOutFile(path, text);
  if (!written.ok) return written;
  return ok(reportOf(opened.value, { shown: flags.out, path }, said));
});

type Call = { context: CliContext; flags: ExplainFlags; tell: Tell };
type Changes = Pick<Search, 'wantedOf' | 'fixed' | 'count'>;

async function explainAll({ context, flags, tell }: Call, opened: Opened, changes: Changes | null) {
  const { manifest, fitted } = opened;
  const { background, predictor } = fitted;
  const { space } = flags;
  const rng = createRng(manifest.seed);
  const options = { background, maxCoalitions: MAX_COALITIONS, space, rng };
  const explainer = createExplainer(predictor, options);
  const progress = startProgress(context);
  const interruption = watchInterruption(() => tell('Interrupted: keeping what is there.'));
  const watched = { progress, interruption };
  const { rows, isExact } = await explainRows(opened, { explainer, space, ...watched });
  const found = changes && (await searchCounterfactuals(opened, { ...changes, ...watched }));
  const effects = flags.effects ? await effectsOf(opened, watched) : null;
  interruption.end();
  progress.end();
  const { methods } = explainer;
  const how = { units: unitsOf(manifest, space), methods, isExact };
  return {
    ...{ how, rows, isPartial: interruption.happened() },
    explained: {
      ...how,
      ...(effects === null ? {} : { effects }),
      rows: rows.map((row, i) => ({ ...row, ...found?.[i] })),
    },
  };
}

/** What is to be searched for each row; null: nothing. */
function askedOf(
  { manifest, fitted }: Opened,
  flags: ExplainFlags,
): Result<Changes | null, CliFailure> {
  const { counterfactuals: count, wanted, fixed, effects, space } = flags;
  if (space === 'margin' && !hasMargins(fitted.predictor))
    return failed(
      'wrong_usage',
      `${manifest.algorithm} adds up no margins that can be explained: leave out --space.`,
    );
  if (effects && manifest.task === 'clustering')
    return failed('wrong_usage', "A cluster's number is a name: it has no --effects.");
  if (count === undefined)
    return wanted === undefined && fixed === undefined
      ? ok(null)
      : failed('wrong_usage', '--wanted and --fixed go with --counterfactuals N.');
  const wantedOf = parseWanted(flags, manifest);
  if (!wantedOf.ok) return wantedOf;
  const inputs = fixedInputs(fixed ?? [], manifest);
  return inputs.ok ? ok({ wantedOf: wantedOf.value, fixed: inputs.value, count }) : inputs;
}

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

type Said = Awaited<ReturnType<typeof explainAll>>;

function reportOf(
  { manifest, table }: Opened,
  { shown, path }: { shown: string; path: string },
  { how, rows, isPartial }: Said,
): Report {
  const totals = meanMagnitudes(rows, manifest);
  const most = totals.slice(0, 3).map(([name]) => name);
  const left = rows.length < table.rows ? `, the first of ${table.rows}` : '';
  const by = how.methods.join(' and ');
  return {
    json: { rows: rows.length, out: path, ...how, meanMagnitude: Object.fromEntries(totals) },
    isPartial,
    sentences: [
      `Explained ${rows.length} predictions${left} in ${shown} (${how.units}, by ${by}).`,
      ...(most.length > 0 ? [`What moves them most: ${most.join(', ')}.`] : []),
    ],
  };
}
