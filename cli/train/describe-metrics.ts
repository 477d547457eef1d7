import type { Objective } from '../../shared/contracts/declaration.ts';
import type { Manifest, ModelMetrics } from '../../shared/contracts/manifest.ts';
import { figureOf, isBetter } from '../../shared/train/model-metrics.ts';

/** How good a model is on rows, beside the heuristic, in one sentence. @param which said of the rows: they are new to it */
export function describeMetrics(
  measured: ModelMetrics,
  { metrics: { fallback }, target: { unit } }: Pick<Manifest, 'metrics' | 'target'>,
  which = 'it has not seen',
): string {
  const rows = `on ${measured.rows} rows ${which}`;
  const number = (value: number) => `${shown(value)} ${unit}`.trim();
  if ('mae' in measured) {
    const beside =
      fallback && 'mae' in fallback ? `; the heuristic's is ${number(fallback.mae)}` : '';
    return `Mean absolute error ${number(measured.mae)} (R2 ${measured.r2.toFixed(3)}) ${rows}${beside}.`;
  }
  const { roc_auc, pr_auc, brier, log_loss } = measured;
  const beside =
    fallback && 'brier' in fallback
      ? `; the heuristic's are ${figures([fallback.roc_auc, fallback.pr_auc, fallback.brier, fallback.log_loss]).join(', ')}`
      : '';
  const [auc, precision, square, loss] = figures([roc_auc, pr_auc, brier, log_loss]);
  return `ROC-AUC ${auc}, PR-AUC ${precision}, Brier score ${square}, log loss ${loss} ${rows}${beside}.`;
}

/** Two places, as minutes and money have them; of a target far smaller or greater three digits. */
function shown(value: number): string {
  const isUsual = value === 0 || (value >= 0.05 && value < 1e7);
  return isUsual ? value.toFixed(2) : String(Number(value.toPrecision(3)));
}

const figures = (values: readonly number[]): string[] => values.map((value) => value.toFixed(3));

/** Said where the heuristic, which is free, is as good; else nothing. */
export function warnIfNoBetter(
  objective: Objective,
  measured: ModelMetrics,
  fallback: ModelMetrics | null,
): string[] {
  if (!fallback) return [];
  const [is, was] = [figureOf(measured, objective), figureOf(fallback, objective)];
  if (isBetter(objective, is, was)) return [];
  return [
    `By ${objective} it is no better than the heuristic: look at the data before you publish it.`,
  ];
}
