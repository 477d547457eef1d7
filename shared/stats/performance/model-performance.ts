import { type Movement, movementOf } from '../series/weighted-line.ts';
import { decisionMetrics, labelMetrics, probabilityMetrics } from './classifier-metrics.ts';
import type { Metric } from './metric.ts';
import { regressorMetrics } from './regressor-metrics.ts';
import { type Reliability, reliabilityOf } from './reliability.ts';
import { type ResidualBin, residualBins } from './residuals.ts';

/** What a model said and what happened, in the order of time. */
export type Answers =
  | {
      task: 'probability';
      truth: readonly number[];
      probabilities: readonly number[];
      threshold: number;
    }
  | { task: 'decision'; truth: readonly boolean[]; predicted: readonly boolean[] }
  | { task: 'label'; truth: readonly string[]; predicted: readonly string[] }
  | { task: 'regression'; truth: readonly number[]; predicted: readonly number[] };

export type MetricMovement = Movement & {
  name: string;
  sense: 'worsens' | 'improves' | 'varies' | 'steady';
};

export type ModelPerformance = {
  task: Answers['task'];
  n: number;
  overall: Metric[];
  chunks: { chunk: number; n: number; metrics: Metric[] }[];
  /** Figures with at least three chunks, adjusted over each other. */
  movements: MetricMovement[];
  /** Of probabilities. */
  reliability: Reliability | null;
  /** Of a regressor. */
  residuals: ResidualBin[];
  /** Of labels of several kinds. */
  byLabel: { label: string; n: number; metrics: Metric[] }[];
};

/**
 * How good a model's answers were: overall, in chunks of rows in their order, and whether that changes.
 * @param chunkSize rows; the last chunk may be smaller
 */
export function modelPerformance(answers: Answers, chunkSize: number): ModelPerformance {
  const n = answers.truth.length;
  const chunks = Array.from({ length: Math.ceil(n / chunkSize) }, (_, chunk) => {
    const rows = slice(answers, chunk * chunkSize, (chunk + 1) * chunkSize);
    return { chunk, n: rows.truth.length, metrics: metricsOf(rows) };
  });
  const isProbable = answers.task === 'probability';
  return {
    task: answers.task,
    n,
    overall: metricsOf(answers),
    chunks,
    movements: movementsOf(chunks),
    reliability: isProbable
      ? reliabilityOf({ probabilities: answers.probabilities, labels: answers.truth })
      : null,
    residuals: answers.task === 'regression' ? residualBins(answers.truth, answers.predicted) : [],
    byLabel: answers.task === 'label' ? labelMetrics(answers).byLabel : [],
  };
}

function slice(answers: Answers, from: number, to: number): Answers {
  switch (answers.task) {
    case 'probability': {
      const { truth, probabilities } = answers;
      return {
        ...answers,
        truth: truth.slice(from, to),
        probabilities: probabilities.slice(from, to),
      };
    }
    case 'decision':
      return {
        ...answers,
        truth: answers.truth.slice(from, to),
        predicted: answers.predicted.slice(from, to),
      };
    case 'label':
      return {
        ...answers,
        truth: answers.truth.slice(from, to),
        predicted: answers.predicted.slice(from, to),
      };
    case 'regression':
      return {
        ...answers,
        truth: answers.truth.slice(from, to),
        predicted: answers.predicted.slice(from, to),
      };
  }
}

function metricsOf(answers: Answers): Metric[] {
  switch (answers.task) {
    case 'probability': {
      const { truth, probabilities, threshold } = answers;
      return probabilityMetrics({ probabilities, labels: truth }, { threshold });
    }
    case 'decision':
      return decisionMetrics(answers);
    case 'label':
      return labelMetrics(answers).overall;
    case 'regression':
      return regressorMetrics(answers.truth, answers.predicted);
  }
}

function movementsOf(chunks: ModelPerformance['chunks']): MetricMovement[] {
  const names = [...new Set(chunks.flatMap(({ metrics }) => metrics.map(({ name }) => name)))];
  return names.flatMap((name) => {
    const estimates = chunks.flatMap(({ chunk, metrics }) => {
      const metric = metrics.find((other) => other.name === name);
      if (!metric || metric.standardError === null) return [];
      return [{ at: chunk, value: metric.value, standardError: metric.standardError }];
    });
    const movement = movementOf(estimates, { questions: names.length });
    if (!movement) return [];
    const better = chunks[0].metrics.find((metric) => metric.name === name)?.better ?? 'higher';
    const isBias = name === 'mean_error';
    return [{ ...movement, name, sense: isBias ? biasSense(movement) : senseOf(movement, better) }];
  });
}

function senseOf({ verdict }: Movement, better: Metric['better']): MetricMovement['sense'] {
  if (verdict === 'varies' || verdict === 'steady') return verdict;
  return (verdict === 'rises') === (better === 'higher') ? 'improves' : 'worsens';
}

/** A bias may be on either side of 0: going away from it is worse. */
function biasSense({ verdict, mean }: Movement): MetricMovement['sense'] {
  if (verdict === 'varies' || verdict === 'steady') return verdict;
  return (verdict === 'rises') === mean > 0 ? 'worsens' : 'improves';
}
