import { ok, type Result } from '../../shared/core/result.ts';
import { createRng } from '../../shared/core/rng.ts';
import type {
  EstimatedChunk,
  EstimateFindings,
} from '../../shared/report/kinds/estimate-report.ts';
import { DOUBTS, estimateReport } from '../../shared/report/kinds/estimate-report.ts';
import { metricName, metricText } from '../../shared/report/kinds/metric-names.ts';
import { fitCalibration } from '../../shared/stats/estimate/calibration.ts';
import {
  type EstimatedPerformance,
  estimatePerformance,
} from '../../shared/stats/estimate/confidence-based.ts';
import {
  doubtsOf,
  type EstimateDoubt,
  errorsOf,
  trustOf,
} from '../../shared/stats/estimate/estimate-doubts.ts';
import { rocAuc } from '../../shared/stats/estimate/roc-auc.ts';
import { profileOfNumbers } from '../../shared/stats/profile/reference-profile.ts';
import { type Report, reporting } from '../command.ts';
import type { CliContext } from '../context.ts';
import { type CliFailure, failed } from '../failure.ts';
import { estimateRegressor } from './estimate-regressor.ts';
import { findColumn, numbersIn, readColumns } from './read-columns.ts';
import { type ReportFlags, writeReport } from './write-report.ts';

export type EstimateFlags = ReportFlags & {
  reference: string;
  analysis: string;
  probability?: string;
  prediction?: string;
  label: string;
  chunk: number;
  json: boolean;
};

/** Calibration is tried on splits drawn from this: the same files give the same answer. */
const SEED = 42;

/** Estimates a model's performance per chunk of rows that have no labels yet. */
export const runEstimate = reporting<EstimateFlags, []>(async ({ context, flags }) => {
  const { probability, prediction } = flags;
  if ((probability === undefined) === (prediction === undefined))
    return failed(
      'wrong_usage',
      'Give --probability (a classifier) or --prediction (a regressor), one of them.',
    );
  const estimated =
    prediction === undefined
      ? await estimateClassifier(context, { ...flags, probability: probability ?? '' })
      : await estimateRegressor(context, { ...flags, prediction });
  if (!estimated.ok) return estimated;
  const { json, findings } = estimated.value;
  const written = await writeReport(context, flags, () =>
    estimateReport(findings, {
      title: `Estimated performance of ${prediction ?? probability}`,
      subject: `${flags.analysis}, without labels, by what ${flags.reference} teaches; ${flags.chunk} rows a chunk`,
    }),
  );
  return written.ok ? ok<Report>({ json, sentences: findings.chunks.map(describe) }) : written;
});

/** By confidence (CBPE). */
async function estimateClassifier(
  context: CliContext,
  flags: EstimateFlags & { probability: string },
): Promise<Result<{ json: unknown; findings: EstimateFindings }, CliFailure>> {
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
  if (analysis.value[0].length === 0) return failed('rows', `${flags.analysis} has no rows.`);
  const rng = createRng(SEED);
  const calibration = fitCalibration({ probabilities, labels }, rng);
  const trust = trustOf({ probabilities, labels }, { calibration, rng });
  if (!trust) return failed('rows', `${flags.reference} has no rows.`);
  const profile = profileOfNumbers(probabilities);
  const chunks = chunksOf(analysis.value[0], flags.chunk).flatMap((chunk, i) => {
    const estimate = estimatePerformance(chunk, calibration);
    if (!estimate) return [];
    const doubted = doubtsOf({ probabilities: chunk, estimate }, { profile, trust });
    const errors = errorsOf(estimate, trust);
    return [
      {
        ...{ chunk: i, ...estimate, ...doubted },
        accuracyStandardError: errors.accuracy,
        rocAucStandardError: errors.rocAuc,
      },
    ];
  });
  const right = probabilities.filter((p, i) => p >= 0.5 === (labels[i] === 1)).length;
  const findings: EstimateFindings = {
    kind: 'classifier',
    realised: [
      { name: 'accuracy', value: right / labels.length },
      ...[rocAuc({ probabilities, labels })].flatMap((value) =>
        value === null ? [] : [{ name: 'roc_auc', value }],
      ),
    ],
    calibrated: calibration !== null,
    calibrationError: trust.calibrationError,
    chunks: chunks.map(findingOf),
  };
  return ok({ json: { calibrated: calibration !== null, reference: trust, chunks }, findings });
}

/** @param estimate with standard errors of both sizes, the chunk's and the reference's */
function findingOf(
  estimate: EstimatedPerformance & { chunk: number; doubts: EstimateDoubt[] },
): EstimatedChunk {
  const { chunk, n, doubts, accuracy, rocAuc: area } = estimate;
  const { accuracyStandardError, rocAucStandardError } = estimate;
  return {
    ...{ chunk, n, doubts },
    metrics: [
      { name: 'accuracy', value: accuracy, standardError: accuracyStandardError },
      ...(area === null
        ? []
        : [{ name: 'roc_auc', value: area, standardError: rocAucStandardError }]),
    ],
  };
}

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

function describe({ chunk, n, metrics, doubts }: EstimatedChunk): string {
  const told = metrics.map(({ name, value, standardError }) => {
    const reach = standardError === null ? '' : ` ± ${metricText({ name, value: standardError })}`;
    return `${metricName(name)} ${metricText({ name, value })}${reach}`;
  });
  const why = doubts.map((doubt) => inSentence(DOUBTS[doubt])).join('; ');
  const doubt = doubts.length > 0 ? `; do not believe it: ${why}` : '';
  return `Chunk ${chunk} (${n} rows): ${told.join(', ')}${doubt}`;
}

const inSentence = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
