import { setImmediate } from 'node:timers/promises';
import { ok, type Result } from '../../shared/core/result.ts';
import { createRng } from '../../shared/core/rng.ts';
import { predictModel } from '../../shared/learn/ensemble/fitted-ensemble.ts';
import {
  type Counterfactual,
  findCounterfactuals,
} from '../../shared/learn/explain/counterfactuals.ts';
import { isClassification } from '../../shared/learn/task.ts';
import type { Table } from '../../shared/table/table.ts';
import { type CliFailure, failed } from '../failure.ts';
import { columnOf, columnsOf, type ExplainFlags, type Opened } from './explain-call.ts';
import type { FitManifest } from './fit-folder.ts';
import type { Interruption } from './interruption.ts';
import type { Progress } from './progress.ts';

/** What an answer has to be: an output of the model in a range, both ends included. */
export type Wanted = {
  output: number;
  range: readonly [number, number];
  /** The class or cluster to reach; absent for quantities. */
  label?: string;
};

/** Of each row what is wanted of it, given what the model answers now. */
export type WantedOf = (answer: Float32Array) => Wanted;

const HALF: Wanted['range'] = [0.5, 1];

/** What --wanted asks for, or without it another class, or an anomaly that is none. */
export function parseWanted(
  { wanted }: Pick<ExplainFlags, 'wanted'>,
  { task, classes, anomaly, target }: FitManifest,
): Result<WantedOf, CliFailure> {
  if (isClassification(task) && classes !== null) {
    if (wanted === undefined)
      return ok((answer) => {
        const output = likeliestButOne(answer);
        return { output, range: HALF, label: classes[output] };
      });
    const output = classes.indexOf(wanted);
    if (output >= 0) return ok(() => ({ output, range: HALF, label: wanted }));
    return failed('wrong_usage', `--wanted ${wanted}: there are ${classes.join(', ')}.`);
  }
  if (task === 'clustering') {
    const cluster = Number(wanted);
    if (wanted !== undefined && Number.isInteger(cluster) && cluster >= 0)
      return ok(() => ({ output: 0, range: [cluster, cluster], label: wanted }));
    return failed('wrong_usage', 'Of a clustering --wanted says which cluster to reach: a number.');
  }
  if (wanted === undefined && anomaly !== undefined)
    return ok(() => ({ output: 0, range: [Number.NEGATIVE_INFINITY, anomaly.threshold] }));
  const range = wanted === undefined ? null : parseRange(wanted);
  if (range !== null) return ok(() => ({ output: 0, range }));
  const what = target ?? 'score';
  return failed('wrong_usage', `--wanted LOW..HIGH says which ${what} to reach, such as ..20.`);
}

/** The likeliest class but the answer: of two the other. */
function likeliestButOne(shares: Float32Array): number {
  const order = Array.from(shares.keys()).sort((a, b) => shares[b] - shares[a] || a - b);
  return order[1];
}

/** `LOW..HIGH`, either of which may be left out. */
function parseRange(words: string): Wanted['range'] | null {
  const [low, high, ...more] = words.split('..');
  if (high === undefined || more.length > 0 || (low.trim() === '' && high.trim() === ''))
    return null;
  const range = [
    low.trim() === '' ? Number.NEGATIVE_INFINITY : Number(low),
    high.trim() === '' ? Number.POSITIVE_INFINITY : Number(high),
  ] as const;
  return range[0] <= range[1] ? range : null;
}

/** Columns of the file that nobody can change, as the model's inputs. */
export function fixedInputs(
  fixed: readonly string[],
  { inputs }: FitManifest,
): Result<string[], CliFailure> {
  const columns = columnsOf(inputs);
  const unknown = fixed.find((column) => !columns.includes(column));
  if (unknown !== undefined)
    return failed('wrong_usage', `--fixed ${unknown}: the model reads ${columns.join(', ')}.`);
  return ok(inputs.filter((input) => fixed.includes(columnOf(input))).map(({ name }) => name));
}

export type CounterfactualsOfRow = {
  /** What was to be reached; null where the row is answered so already. */
  wanted: { label?: string; range: (number | null)[] };
  counterfactuals: Counterfactual[];
};

export type Search = {
  wantedOf: WantedOf;
  fixed: readonly string[];
  count: number;
  progress: Progress;
  interruption: Interruption;
};

/** The smallest changes to each row that give it the answer wanted, until interrupted. */
export async function searchCounterfactuals(
  { manifest, fitted: { predictor, background }, table }: Opened,
  { wantedOf, fixed, count, progress, interruption }: Search,
): Promise<CounterfactualsOfRow[]> {
  const donors = joined(table, background);
  const answers = predictModel(predictor, table);
  const outputs = answers.length / table.rows;
  const rng = createRng(manifest.seed);
  const found: CounterfactualsOfRow[] = [];
  for (let row = 0; row < table.rows && !interruption.happened(); row++) {
    const wanted = wantedOf(answers.subarray(row * outputs, (row + 1) * outputs));
    const { output, range } = wanted;
    const now = answers[row * outputs + output];
    const isReached = now >= range[0] && now <= range[1];
    const options = { output, range, donors, fixed, count, rng };
    found.push({
      wanted: {
        ...(wanted.label === undefined ? {} : { label: wanted.label }),
        range: range.map((end) => (Number.isFinite(end) ? end : null)),
      },
      counterfactuals: isReached ? [] : findCounterfactuals(predictor, { table, row }, options),
    });
    progress.show((row + 1) / table.rows, `counterfactuals of ${row + 1} of ${table.rows} rows`);
    await setImmediate();
  }
  return found;
}

/** Rows of the file and of the training data: all of them occurred. */
function joined(table: Table, background: Table): Table {
  const rows = table.rows + background.rows;
  const columns = table.columns.map((column, c) => {
    const other = background.columns[c];
    if (column.type === 'number' && other.type === 'number')
      return { ...column, values: appended(new Float32Array(rows), column.values, other.values) };
    if (column.type === 'category' && other.type === 'category')
      return { ...column, codes: appended(new Int32Array(rows), column.codes, other.codes) };
    throw new Error(`Broken invariant: ${column.name} is of another type in the background`);
  });
  return { rows, columns, target: new Float64Array(rows), order: null };
}

function appended<T extends Float32Array | Int32Array>(into: T, first: T, second: T): T {
  into.set(first);
  into.set(second, first.length);
  return into;
}
