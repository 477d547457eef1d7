import { ok, type Result } from '../../shared/core/result.ts';
import { histogramOfNumbers } from '../../shared/report/kinds/column-shape.ts';
import { gateSentence } from '../../shared/report/kinds/gate-words.ts';
import { metricName, metricRange, metricText } from '../../shared/report/kinds/metric-names.ts';
import { performanceReport } from '../../shared/report/kinds/performance-report.ts';
import type { Histogram } from '../../shared/report/report.ts';
import {
  type Answers,
  type ModelPerformance,
  modelPerformance,
} from '../../shared/stats/performance/model-performance.ts';
import { reporting } from '../command.ts';
import { type CliFailure, failed } from '../failure.ts';
import { conceptChanges, describeChanges } from './concept-changes.ts';
import { gateForecasts } from './performance-gates.ts';
import { choosePositive } from './positive-label.ts';
import {
  findColumn,
  isNumberText,
  numbersIn,
  readColumns,
  readProbabilities,
  type TextColumns,
} from './read-columns.ts';
import { type ReportFlags, writeReport } from './write-report.ts';

export type PerformanceFlags = ReportFlags & {
  data: string;
  truth: string;
  prediction?: string;
  probability?: string;
  /** Value that means yes; absent: 1, true or yes. */
  positive?: string;
  threshold: number;
  task: 'auto' | 'regression' | 'classification';
  chunk: number;
  detectors?: string;
  /** Figures and the limits they must keep: when will they cross them? */
  gate?: string;
  json: boolean;
};

/** More different values than this, all of them numbers, are a quantity and not labels. */
const MOST_LABELS = 20;

/** How good a model's answers in a CSV were, overall and chunk by chunk. */
export const runPerformance = reporting<PerformanceFlags, []>(async ({ context, flags }) => {
  const { data, prediction, probability, truth } = flags;
  if ((prediction === undefined) === (probability === undefined))
    return failed('wrong_usage', 'Give --prediction or --probability, one of them.');
  const table = await readColumns(context, data);
  if (!table.ok) return table;
  const answers = readAnswers(table.value, flags);
  if (!answers.ok) return answers;
  if (table.value.rows === 0) return failed('rows', `${data} has no rows.`);
  const concept = conceptChanges(answers.value, flags.detectors);
  if (!concept.ok) return concept;
  const performance = modelPerformance(answers.value, flags.chunk);
  const gates = gateForecasts(performance, flags.gate);
  if (!gates.ok) return gates;
  const said = prediction ?? probability;
  const written = await writeReport(context, flags, () =>
    performanceReport(performance, {
      title: `Performance of ${said}`,
      subject: `${data}: ${performance.n} rows, ${said} held against ${truth}, ${flags.chunk} rows a chunk`,
      histogram: histogramOf(answers.value),
      changes: concept.value,
      gates: gates.value ?? [],
    }),
  );
  if (!written.ok) return written;
  return ok({
    json: {
      ...performance,
      ...(concept.value ? { concept: concept.value.found } : {}),
      ...(gates.value ? { gates: gates.value } : {}),
    },
    sentences: [
      ...describe(performance),
      ...(gates.value ?? []).map(gateSentence),
      ...describeChanges(concept.value?.found ?? []),
    ],
  });
});

function readAnswers(table: TextColumns, flags: PerformanceFlags): Result<Answers, CliFailure> {
  const truth = readCells(table, flags.truth, flags.data);
  if (!truth.ok) return truth;
  if (flags.probability !== undefined) return probabilityAnswers(table, truth.value, flags);
  const predicted = readCells(table, flags.prediction ?? '', flags.data);
  if (!predicted.ok) return predicted;
  const sides = { truth: truth.value, predicted: predicted.value };
  if (isQuantity(sides, flags.task)) return readQuantities(sides, flags);
  return labelAnswers(sides, flags);
}

/** Decisions where it is known what means yes; else labels. */
function labelAnswers(sides: Sides, flags: PerformanceFlags): Result<Answers, CliFailure> {
  const { truth, prediction = '', positive, data: path } = flags;
  const labels = new Set([...sides.truth, ...sides.predicted]);
  if (positive === undefined && labels.size > 2) return ok({ task: 'label', ...sides });
  const columns = [
    { name: truth, cells: sides.truth },
    { name: prediction, cells: sides.predicted },
  ];
  const chosen = choosePositive(columns, { positive, path });
  if (!chosen.ok) return positive === undefined ? ok({ task: 'label', ...sides }) : chosen;
  const decide = (cells: readonly string[]): boolean[] => cells.map(chosen.value.isYes);
  return ok({ task: 'decision', truth: decide(sides.truth), predicted: decide(sides.predicted) });
}

/** The cells of a column in which none is missing. */
function readCells(table: TextColumns, name: string, path: string): Result<string[], CliFailure> {
  const cells = findColumn(table, name, path);
  if (!cells.ok) return cells;
  const missing = cells.value.indexOf(null);
  if (missing >= 0)
    return failed('rows', `${path} is refused.`, [
      `row ${missing + 1}, column "${name}": expected a value, found nothing`,
    ]);
  return ok(cells.value.flatMap((cell) => cell ?? []));
}

function probabilityAnswers(
  table: TextColumns,
  truth: readonly string[],
  { data, truth: name, probability = '', positive, threshold }: PerformanceFlags,
): Result<Answers, CliFailure> {
  const probabilities = readProbabilities(table, probability, data);
  if (!probabilities.ok) return probabilities;
  const chosen = choosePositive([{ name, cells: truth }], { positive, path: data });
  if (!chosen.ok) return chosen;
  const labels = truth.map((cell) => (chosen.value.isYes(cell) ? 1 : 0));
  return ok({ task: 'probability', truth: labels, probabilities: probabilities.value, threshold });
}

type Sides = { truth: string[]; predicted: string[] };

function isQuantity({ truth, predicted }: Sides, task: PerformanceFlags['task']): boolean {
  if (task !== 'auto') return task === 'regression';
  const isNumbers = truth.every(isNumberText) && predicted.every(isNumberText);
  return isNumbers && new Set([...truth, ...predicted]).size > MOST_LABELS;
}

function readQuantities(sides: Sides, flags: PerformanceFlags): Result<Answers, CliFailure> {
  const { data, truth, prediction = '' } = flags;
  const happened = numbersIn(sides.truth, { column: truth, path: data });
  if (!happened.ok) return happened;
  const predicted = numbersIn(sides.predicted, { column: prediction, path: data });
  if (!predicted.ok) return predicted;
  return ok({ task: 'regression', truth: happened.value, predicted: predicted.value });
}

function histogramOf(answers: Answers): Histogram | null {
  if (answers.task === 'regression') {
    const { truth, predicted } = answers;
    const errors = Float64Array.from(truth, (value, i) => value - predicted[i]);
    return histogramOfNumbers([{ name: 'errors', values: errors }], 'truth − prediction');
  }
  if (answers.task !== 'probability') return null;
  const { truth, probabilities } = answers;
  const of = (label: number): Float64Array =>
    Float64Array.from(probabilities.filter((_, i) => truth[i] === label));
  const sides = [
    { name: 'it did not happen', values: of(0) },
    { name: 'it happened', values: of(1) },
  ];
  return histogramOfNumbers(sides, 'probability');
}

function describe({ overall, movements, n }: ModelPerformance): string[] {
  const figures = overall.map(
    (metric) => `${metricName(metric.name)} ${metricText(metric)} (${metricRange(metric)})`,
  );
  const moved = movements
    .filter(({ sense }) => sense !== 'steady')
    .map(({ name, sense }) => `${metricName(name)} ${sense} over time.`);
  const still =
    movements.length === 0 ? 'Too few chunks to tell of change.' : 'No change over time.';
  return [`${n} rows`, ...figures, ...(moved.length > 0 ? moved : [still])];
}
