import { ok, type Result } from '../../shared/core/result.ts';
import { createRng } from '../../shared/core/rng.ts';
import { fitCalibration } from '../../shared/stats/estimate/calibration.ts';
import { estimatePerformance } from '../../shared/stats/estimate/confidence-based.ts';
import { reporting } from '../command.ts';
import type { CliContext } from '../context.ts';
import { type CliFailure, failed } from '../failure.ts';
import { findColumn, numbersIn, readColumns } from './read-columns.ts';

export type EstimateFlags = {
  reference: string;
  analysis: string;
  probability: string;
  label: string;
  chunk: number;
  json: boolean;
};

/** Calibration is tried on splits drawn from this: the same files give the same answer. */
const SEED = 42;

/** Estimates a classifier's ROC-AUC and accuracy per chunk of rows that have no labels yet. */
export const runEstimate = reporting<EstimateFlags, []>(async ({ context, flags }) => {
  const { probability, label } = flags;
  const reference = await readNumbers(context, flags.reference, [probability, label]);
  if (!reference.ok) return reference;
  const analysis = await readNumbers(context, flags.analysis, [probability]);
  if (!analysis.ok) return analysis;
  const [probabilities, labels] = reference.value;
  const issue =
    checkRange(probabilities, flags.reference) ??
    checkRange(analysis.value[0], flags.analysis) ??
    checkLabels(labels, flags.reference);
  if (issue) return failed('rows', issue);
  const calibration = fitCalibration({ probabilities, labels }, createRng(SEED));
  const chunks = chunksOf(analysis.value[0], flags.chunk).flatMap((chunk, i) => {
    const estimate = estimatePerformance(chunk, calibration);
    return estimate ? [{ chunk: i, ...estimate }] : [];
  });
  const json = { calibrated: calibration !== null, chunks };
  return ok({ json, sentences: chunks.map(describe) });
});

/** Columns of numbers from a CSV, in the order of `names`. */
async function readNumbers(
  context: CliContext,
  path: string,
  names: readonly string[],
): Promise<Result<number[][], CliFailure>> {
  const table = await readColumns(context, path);
  if (!table.ok) return table;
  const columns: number[][] = [];
  for (const column of names) {
    const cells = findColumn(table.value, column, path);
    if (!cells.ok) return cells;
    const numbers = numbersIn(cells.value, { column, path });
    if (!numbers.ok) return numbers;
    columns.push(numbers.value);
  }
  return ok(columns);
}

function checkRange(probabilities: readonly number[], path: string): string | null {
  const wrong = probabilities.findIndex((p) => p < 0 || p > 1);
  if (wrong < 0) return null;
  return `${path}, row ${wrong + 1}: expected a probability from 0 to 1, found ${probabilities[wrong]}`;
}

function checkLabels(labels: readonly number[], path: string): string | null {
  const wrong = labels.findIndex((label) => label !== 0 && label !== 1);
  if (wrong >= 0)
    return `${path}, row ${wrong + 1}: expected the label 0 or 1, found ${labels[wrong]}`;
  const positives = labels.filter((label) => label === 1).length;
  if (positives > 0 && positives < labels.length) return null;
  return `${path}: the reference needs labels of both kinds, found ${positives} of ${labels.length} positive`;
}

function chunksOf(values: readonly number[], size: number): number[][] {
  const chunks: number[][] = [];
  for (let from = 0; from < values.length; from += size)
    chunks.push(values.slice(from, from + size));
  return chunks;
}

const describe = (chunk: { chunk: number; n: number; rocAuc: number | null; accuracy: number }) =>
  `Chunk ${chunk.chunk} (${chunk.n} rows): ROC-AUC ${chunk.rocAuc?.toFixed(4) ?? 'unknown'}, accuracy ${chunk.accuracy.toFixed(4)}`;
