import { binaryMetrics } from '../../shared/learn/metrics/binary.ts';
import { multiclassMetrics } from '../../shared/learn/metrics/multiclass.ts';
import { regressionMetrics } from '../../shared/learn/metrics/regression.ts';
import type { PipelineData } from '../../shared/learn/pipeline-data.ts';

/** Figures on rows a model has not seen, by the names of scikit-learn's metrics. */
export type Measured = { metrics: Record<string, unknown>; sentence: string };

/** @param predictions row-major [rows, outputs] */
export function measure(data: PipelineData, predictions: Float32Array): Measured {
  const { target, rows } = data.table;
  const on = `on ${rows} rows it has not seen`;
  if (data.task === 'regression') {
    const metrics = regressionMetrics(target, predictions);
    const { rmse, mae, r2 } = metrics;
    return {
      metrics,
      sentence: `RMSE ${rmse.toPrecision(4)}, MAE ${mae.toPrecision(4)}, R2 ${r2.toFixed(3)} ${on}.`,
    };
  }
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

const shown = (value: number | null): string =>
  value === null || !Number.isFinite(value) ? 'unknown' : value.toFixed(4);
