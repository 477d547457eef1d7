import { setImmediate } from 'node:timers/promises';
import { predictModel } from '../../shared/learn/ensemble/fitted-ensemble.ts';
import { isClassification } from '../../shared/learn/task.ts';
import { takeRows } from '../../shared/table/table.ts';
import { columnOf, columnsOf, type Explaining, type Opened } from './explain-call.ts';
import type { FitManifest } from './fit-folder.ts';

/** One row's prediction taken apart: base + contributions = prediction. */
export type ExplainedRow = {
  /** Of a clustering 1: being in the cluster that `label` names. */
  prediction: number;
  /** The class whose probability is explained, or the cluster; absent for other tasks. */
  label?: string;
  base: number;
  /** By column of the file. */
  contributions: Record<string, number>;
};

const LOOK_EVERY_MS = 100;
const MOST_BLOCK_ROWS = 4096;

/** @property isExact whether the contributions of all are Shapley values to rounding */
export type ExplainedRows = { rows: ExplainedRow[]; isExact: boolean };

/** Explains rows until there are none left or it is interrupted. */
export async function explainRows(opened: Opened, explaining: Explaining): Promise<ExplainedRows> {
  const { table } = opened;
  const { progress, interruption } = explaining;
  const rows: ExplainedRow[] = [];
  let isExact = true;
  let blockRows = 1;
  while (rows.length < table.rows && !interruption.happened()) {
    const startedMs = performance.now();
    const size = Math.min(blockRows, table.rows - rows.length);
    const indices = Uint32Array.from({ length: size }, (_, i) => rows.length + i);
    const block = explainBlock({ ...opened, table: takeRows(table, indices) }, explaining);
    rows.push(...block.rows);
    isExact &&= block.isExact;
    progress.show(rows.length / table.rows, `${rows.length} of ${table.rows} rows`);
    const tookMs = performance.now() - startedMs;
    if (tookMs < LOOK_EVERY_MS / 2) blockRows = Math.min(MOST_BLOCK_ROWS, 2 * blockRows);
    else if (tookMs > LOOK_EVERY_MS) blockRows = Math.max(1, Math.floor(blockRows / 2));
    // A signal is heard between two turns of the event loop alone.
    await setImmediate();
  }
  return { rows, isExact };
}

function explainBlock({ manifest, fitted, table }: Opened, how: Explaining): ExplainedRows {
  const predictions = predictModel(fitted.predictor, table);
  const outputs = predictions.length / table.rows;
  const outputOf = Uint16Array.from({ length: table.rows }, (_, row) =>
    explainedOutput(predictions.subarray(row * outputs, (row + 1) * outputs)),
  );
  const { base, contributions, isExact } = how.explainer.explain({ table, outputOf });
  const { length } = manifest.inputs;
  const rows = Array.from(outputOf, (output, row) => {
    const own = contributions.subarray(row * length, (row + 1) * length);
    const answer = predictions[row * outputs + output];
    const margin = own.reduce((sum, value) => sum + value, base[row]);
    const predicted = manifest.task === 'clustering' ? 1 : answer;
    return {
      prediction: how.space === 'margin' ? margin : predicted,
      ...labelOf(manifest, { output, answer }),
      base: base[row],
      contributions: byColumn(manifest, own),
    };
  });
  return { rows, isExact };
}

function labelOf(
  { task, classes }: FitManifest,
  { output, answer }: { output: number; answer: number },
): { label?: string } {
  if (task === 'clustering') return { label: String(answer) };
  const label = classes?.[output];
  return isClassification(task) && label !== undefined ? { label } : {};
}

/** Several inputs may come of one column: contributions are shares of a sum, so theirs add up. */
function byColumn(
  { inputs }: FitManifest,
  contributions: Float64Array,
): ExplainedRow['contributions'] {
  const sums = new Map(columnsOf(inputs).map((column) => [column, 0]));
  inputs.forEach((input, i) => {
    const column = columnOf(input);
    sums.set(column, (sums.get(column) ?? 0) + contributions[i]);
  });
  return Object.fromEntries(sums);
}

/** Of two classes the second, of several the likeliest. */
export function explainedOutput(shares: Float32Array): number {
  if (shares.length <= 2) return shares.length - 1;
  return shares.indexOf(shares.reduce((most, share) => Math.max(most, share)));
}

/** Mean magnitude of each column's contribution, greatest first. */
export function meanMagnitudes(
  rows: readonly ExplainedRow[],
  { inputs }: FitManifest,
): [name: string, value: number][] {
  if (rows.length === 0) return [];
  return columnsOf(inputs)
    .map((name): [string, number] => {
      const sum = rows.reduce((total, row) => total + Math.abs(row.contributions[name]), 0);
      return [name, sum / rows.length];
    })
    .sort((a, b) => b[1] - a[1]);
}
