import { prepareTable } from '../../prepare/preparation.ts';
import type { FittedPipeline } from '../pipeline.ts';
import type { ExplainOptions, OutputExplainer, Separable } from './explanation.ts';
import { type LinkedOutput, linkedShap } from './linked-shap.ts';
import { createMarginShap } from './margin-shap.ts';

/**
 * What makes predictions of a pipeline's margins; null where they are none, or what comes after them is
 * no straight line (isotonic curves).
 */
export function linkedOutputs({
  estimator,
  calibration,
}: FittedPipeline): Omit<LinkedOutput, 'output'> | null {
  const isGaussian = estimator.type === 'quadratic' && estimator.isDiagonal;
  if (isGaussian) return calibration ? null : { link: 'softmax', scale: 1, shift: 0 };
  if (estimator.type !== 'linear' && estimator.type !== 'trees') return null;
  const { link } = estimator;
  if (link !== 'logistic' && link !== 'softmax' && link !== 'exp' && link !== 'exp2') return null;
  if (calibration === undefined) return { link, scale: 1, shift: 0 };
  if (calibration.reads !== 'margin' || calibration.type === 'isotonic') return null;
  if (calibration.type === 'temperature')
    return { link, scale: 1 / calibration.temperature, shift: 0 };
  const [{ slope, offset }] = calibration.maps;
  return { link, scale: -slope, shift: -offset };
}

/** Explains what a link makes of sums. @see linkedShap */
export function createLinkedExplainer(
  { pipeline, players }: Separable,
  { background, rng }: ExplainOptions,
): OutputExplainer | null {
  const { estimator, preparation } = pipeline;
  const found = linkedOutputs(pipeline);
  const margins =
    found && createMarginShap(estimator, prepareTable(preparation, background), players);
  if (found === null || margins === null) return null;
  return {
    method: estimator.type === 'trees' ? 'linked-tree-shap' : 'linked-linear-shap',
    explain({ table, output }) {
      const rows = prepareTable(preparation, table);
      const base = new Float64Array(table.rows);
      const contributions = new Float64Array(table.rows * players.count);
      const linked = { ...found, output };
      let isExact = true;
      for (let row = 0; row < table.rows; row++) {
        const shap = linkedShap(margins, { rows, row }, { linked, players: players.count, rng });
        base[row] = shap.base;
        isExact &&= shap.isExact;
        contributions.set(shap.contributions, row * players.count);
      }
      return { base, contributions, isExact };
    },
  };
}
