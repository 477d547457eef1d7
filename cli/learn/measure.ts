import { binaryMetrics } from '../../shared/learn/metrics/binary.ts';
import { multiclassMetrics } from '../../shared/learn/metrics/multiclass.ts';
import { prAuc, rocAuc } from '../../shared/learn/metrics/ranking.ts';
import { regressionMetrics } from '../../shared/learn/metrics/regression.ts';
import {
  meanAbsolutePercentageError,
  medianAbsolutePercentageError,
  pinballLoss,
} from '../../shared/learn/metrics/regression-report.ts';
import type { PipelineData } from '../../shared/learn/pipeline-data.ts';

/** Figures by the names of scikit-learn's metrics, on rows that a model has not seen, or how many it has. */
export type Measured = { metrics: Record<string, unknown>; sentence: string };

type Measuring = {
  isLabelled: boolean;
  threshold: number | null;
  quantile?: number | null;
  /** Of the rows, those that equal one to learn from; default: none. */
  rowsLearnt?: number;
};

/**
 * @param predictions row-major [rows, outputs]
 * @param options `isLabelled` false: no target says what is right, and the predictions are only
 *   described; `threshold`: scores above it are called anomalies; `quantile`: what is predicted of a
 *   regression's target, null: its mean
 */
export function measure(
  data: PipelineData,
  predictions: Float32Array,
  { rowsLearnt = 0, ...asked }: Measuring,
): Measured {
  const { rows } = data.table;
  if (rowsLearnt === 0)
    return figuresOn(data, predictions, { ...asked, on: `on ${rows} rows it has not seen` });
  const on = `on ${rows} rows, of which ${rowsLearnt} equal rows to learn from`;
  const { metrics, sentence } = figuresOn(data, predictions, { ...asked, on });
  return { metrics: { ...metrics, rows_learnt: rowsLearnt }, sentence };
}

function figuresOn(
  data: PipelineData,
  predictions: Float32Array,
  { isLabelled, threshold, quantile = null, on }: Omit<Measuring, 'rowsLearnt'> & { on: string },
): Measured {
  const { target } = data.table;
  if (data.task === 'clustering') return clusterSizes(predictions, on);
  if (data.task === 'anomaly')
    return anomalyFigures(data, predictions, { isLabelled, threshold, on });
  if (data.task === 'regression') return regressionFigures(target, predictions, { quantile, on });
  if (data.task === 'binary') {
    const metrics = binaryMetrics(
      target,
      predictions.filter((_, i) => i % 2 === 1),
    );
    const { roc_auc, pr_auc, f1 } = metrics;
    const [, positive] = data.classes;
    return {
      metrics: { ...metrics, positive },
      sentence: `ROC-AUC ${shown(roc_auc)}, PR-AUC ${shown(pr_auc)}, F1 ${shown(f1)} for "${positive}" ${on}.`,
    };
  }
  const metrics = multiclassMetrics(target, predictions, data.classes);
  return {
    metrics,
    sentence: `Accuracy ${shown(metrics.accuracy)}, log loss ${shown(metrics.log_loss)} ${on}.`,
  };
}

function regressionFigures(
  target: Float64Array,
  predictions: Float32Array,
  { quantile, on }: { quantile: number | null; on: string },
): Measured {
  const known = regressionMetrics(target, predictions);
  const mape = meanAbsolutePercentageError(target, predictions);
  const median_ape = medianAbsolutePercentageError(target, predictions);
  const pinball = quantile === null ? null : pinballLoss(target, predictions, quantile);
  const { rmse, mae, r2 } = known;
  const share = mape ?? median_ape;
  const relative =
    share === null ? '' : `, ${mape === null ? 'median APE' : 'MAPE'} ${share.toPrecision(3)}`;
  const level = pinball === null ? '' : `, pinball loss at ${quantile} ${pinball.toPrecision(4)}`;
  return {
    metrics: { ...known, mape, median_ape, ...(pinball === null ? {} : { pinball, quantile }) },
    sentence:
      `RMSE ${rmse.toPrecision(4)}, MAE ${mae.toPrecision(4)}, R2 ${r2.toFixed(3)}` +
      `${relative}${level} ${on}.`,
  };
}

function anomalyFigures(
  { table }: PipelineData,
  scores: Float32Array,
  given: { isLabelled: boolean; threshold: number | null; on: string },
): Measured {
  const { isLabelled, threshold, on } = given;
  const { metrics, sentence } = isLabelled
    ? anomalyMetrics(table.target, scores, on)
    : scoreQuantiles(scores, on);
  if (threshold === null) return { metrics, sentence };
  const flagged = scores.filter((score) => score > threshold).length;
  return {
    metrics: { ...metrics, threshold, flagged },
    sentence: `${sentence} ${flagged} of them are flagged (scores above ${threshold.toPrecision(4)}).`,
  };
}

/** False alarms that a person bears. */
const FALSE_ALARMS = 0.01;

function anomalyMetrics(target: Float64Array, scores: Float32Array, on: string): Measured {
  const usual = scores.filter((_, row) => target[row] === 0).sort();
  const strange = scores.filter((_, row) => target[row] === 1);
  const threshold = usual[Math.min(usual.length - 1, Math.ceil((1 - FALSE_ALARMS) * usual.length))];
  const recall = strange.filter((score) => score > threshold).length / strange.length;
  const rows = { scores, positive: target };
  const isMixed = usual.length > 0 && strange.length > 0;
  const metrics = {
    rows: scores.length,
    roc_auc: isMixed ? rocAuc(rows) : null,
    pr_auc: isMixed ? prAuc(rows) : null,
    recall_at_1_percent_false_alarms: isMixed ? recall : null,
  };
  return {
    metrics,
    sentence: `ROC-AUC ${shown(metrics.roc_auc)}, recall at 1 % false alarms ${shown(metrics.recall_at_1_percent_false_alarms)} ${on}.`,
  };
}

function scoreQuantiles(scores: Float32Array, on: string): Measured {
  const sorted = scores.slice().sort();
  const at = (level: number) => sorted[Math.round(level * (sorted.length - 1))];
  const metrics = {
    rows: scores.length,
    median: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    max: at(1),
  };
  return {
    metrics,
    sentence: `Scores: median ${metrics.median.toPrecision(3)}, 99 % below ${metrics.p99.toPrecision(3)} ${on}.`,
  };
}

function clusterSizes(clusters: Float32Array, on: string): Measured {
  const sizes: number[] = [];
  for (const cluster of clusters) {
    while (sizes.length <= cluster) sizes.push(0);
    sizes[cluster]++;
  }
  return {
    metrics: { rows: clusters.length, sizes },
    sentence: `Sizes ${sizes.join(', ')} ${on}.`,
  };
}

const shown = (value: number | null): string =>
  value === null || !Number.isFinite(value) ? 'unknown' : value.toFixed(4);
