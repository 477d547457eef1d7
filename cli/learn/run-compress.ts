import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ok, type Result } from '../../shared/core/result.ts';
import { readTableAs } from '../../shared/table/read-table-as.ts';
import type { Table } from '../../shared/table/table.ts';
import { type Report, reporting } from '../command.ts';
import { type CliFailure, failed } from '../failure.ts';
import { checkOutFolder } from '../out-path.ts';
import { writeWholeFolder } from '../write-whole-folder.ts';
import { canTellClasses, oneClass } from './both-classes.ts';
import type { CompressFlags } from './compress-call.ts';
import { type Candidate, compressionCandidates } from './compress-candidates.ts';
import { type Figure, judgeOf } from './compress-judge.ts';
import { figuresOf, readKnownRows, type TakenFigures } from './compressed-figures.ts';
import { FILE_NAMES, type FitManifest, readFitFile, readFitManifest } from './fit-folder.ts';
import { readPieces, refusedTable } from './read-pieces.ts';

/** Tries the methods on a fitted model's graph, and writes the smallest that loses little. */
export const runCompress = reporting<CompressFlags, [string]>(
  async ({ context, flags }, folderPath) => {
    const [folder, out] = [resolve(context.cwd, folderPath), resolve(context.cwd, flags.out)];
    // Under any name: a link is no way round.
    const placeOf = (path: string) => realpath(path).catch(() => path);
    if ((await placeOf(folder)) === (await placeOf(out)))
      return failed('wrong_usage', '--out is the folder of the model: name another one.');
    const writable = await checkOutFolder(out);
    if (!writable.ok) return writable;
    const manifest = await readFitManifest(folder);
    if (!manifest.ok) return manifest;
    const onnx = await readFitFile(folder, FILE_NAMES.onnx, manifest.value);
    if (!onnx.ok) return onnx;
    const table = await readRows(resolve(context.cwd, flags.data), flags.data, manifest.value);
    if (!table.ok) return table;
    const known = await readKnownRows(folder, manifest.value);
    if (!known.ok) return known;
    const asked = { manifest: manifest.value, table: table.value, mostLoss: flags.mostLoss };
    const judged = judgeOf(onnx.value, asked);
    if (!judged.ok) return judged;
    const { judge, figure } = judged.value;
    const candidates = compressionCandidates(onnx.value, [...new Set(flags.methods)], judge);
    if (!candidates.ok) return candidates;
    const told = candidates.value.map((each) => describe(each, figure));
    const [smallest] = candidates.value
      .filter(({ isGood, bytes }) => isGood && bytes.length < onnx.value.length)
      .sort((a, b) => a.bytes.length - b.bytes.length);
    if (smallest === undefined) return failed('no_model', nothingSmaller(flags), told);
    const taken = figuresOf(smallest, { ...asked, known: known.value });
    const written = await writeSmaller(out, withFigures(asked.manifest, taken), smallest);
    if (!written.ok) return written;
    const outcome = { smallest, figure, table: table.value, flags, out, taken };
    return ok(reportOf(candidates.value, outcome));
  },
);

const nothingSmaller = ({ mostLoss }: CompressFlags): string =>
  `Nothing makes the model smaller with at most ${100 * mostLoss} % more loss. --most-loss allows more.`;

/** Rows that the model is measured on; those without a target, where it has one, say nothing. */
async function readRows(
  path: string,
  shown: string,
  manifest: FitManifest,
): Promise<Result<Table, CliFailure>> {
  const isSupervised = manifest.task !== 'anomaly' && manifest.task !== 'clustering';
  const text = await readPieces(path);
  if (!text.ok) return text;
  const read = readTableAs(text.value.pieces, manifest, isSupervised ? 'required' : 'ignored');
  if (!read.ok) return refusedTable(shown, read.error);
  const { table } = read.value;
  const what = isSupervised ? `no row with a ${manifest.target}` : 'no row';
  if (table.rows === 0) return failed('rows', `${shown} has ${what}.`);
  return canTellClasses(manifest.task, table.target) ? ok(table) : failed('rows', oneClass(shown));
}

const withFigures = (manifest: FitManifest, { figures }: TakenFigures): FitManifest => ({
  ...manifest,
  anomaly: undefined,
  fairness: undefined,
  ...figures,
});

/** As fit writes it, but for the model as data: explanations are of the model before. */
function writeSmaller(
  out: string,
  manifest: FitManifest,
  { methods, bytes, bound }: Candidate,
): Promise<Result<null, CliFailure>> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const files = [{ name: FILE_NAMES.onnx, sizeBytes: bytes.length, sha256 }];
  const original = manifest.files.find(({ name }) => name === FILE_NAMES.onnx)?.sha256;
  const compression = { methods, ...(bound === undefined ? {} : { bound }), original };
  const text = JSON.stringify({ ...manifest, compression, files }, null, 2);
  return writeWholeFolder(out, {
    files: new Map([[FILE_NAMES.onnx, bytes]]),
    ...{ manifest: `${text}\n`, without: [FILE_NAMES.fitted] },
  });
}

const shown = (value: number): string => value.toPrecision(5);

function describe({ methods, report, isGood }: Candidate, { metric, scoreOf }: Figure): string {
  const { before, after } = report;
  const bytes = `${before.sizeBytes} to ${after.sizeBytes} bytes`;
  const figures = `${metric} ${shown(scoreOf(before.score))} to ${shown(scoreOf(after.score))}`;
  const [then, now] = [before, after].map(({ rowMs }) => (1000 * rowMs).toFixed(1));
  const verdict = isGood ? '' : ' (loses too much)';
  return `${methods.join(' and ')}: ${bytes}, ${figures}, ${then} to ${now} microseconds a row${verdict}`;
}

type Outcome = {
  smallest: Candidate;
  figure: Figure;
  table: Table;
  flags: CompressFlags;
  out: string;
  taken: TakenFigures;
};

function reportOf(
  candidates: readonly Candidate[],
  { smallest, figure, table, flags, out, taken }: Outcome,
): Report {
  const { metric, scoreOf } = figure;
  const pairOf = (of: (side: 'before' | 'after') => number) => ({
    ...{ before: of('before'), after: of('after') },
  });
  return {
    json: {
      ...{ rows: table.rows, metric, chosen: smallest.methods },
      methods: candidates.map(({ methods, report, isGood, bound }) => ({
        methods,
        ...(bound === undefined ? {} : { bound }),
        bytes: pairOf((side) => report[side].sizeBytes),
        score: pairOf((side) => scoreOf(report[side].score)),
        microsecondsPerRow: pairOf((side) => 1000 * report[side].rowMs),
        ...{ difference: report.difference, isGood },
      })),
      ...{ metrics: taken.figures.metrics, interval: taken.figures.interval },
      files: { onnx: join(out, FILE_NAMES.onnx), manifest: join(out, 'manifest.json') },
    },
    sentences: [
      ...candidates.map((each) => `${describe(each, figure)}.`),
      `Wrote ${smallest.methods.join(' and ')} to ${flags.out}, measured on ${table.rows} rows.`,
      ...taken.sentences,
    ],
  };
}
