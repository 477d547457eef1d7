import { prepareTable } from '../../prepare/preparation.ts';
import type { FittedPipeline } from '../pipeline.ts';
import { type TreesEstimator, treesOfOutput } from '../trees/trees-estimator.ts';
import type { ExplainOptions, OutputExplainer, Separable } from './explanation.ts';
import { createInterventionalShap } from './interventional-shap.ts';
import type { Shap } from './kernel-shap.ts';
import { linearShap } from './linear-shap.ts';
import { linkedOutputs } from './linked-explainer.ts';
import { encodedRows } from './margin-shap.ts';
import { createTreeShap, type TreeShap } from './tree-shap.ts';

/** Whether predictions are themselves a sum of terms or of leaves. */
export function isSum({ estimator, calibration }: FittedPipeline): boolean {
  if (calibration !== undefined) return false;
  if (estimator.type === 'linear')
    return estimator.link === 'identity' || estimator.link === 'pair';
  return estimator.type === 'trees' && isSumOfLeaves(estimator);
}

const isSumOfLeaves = ({ link, outputs, treeOutput }: TreesEstimator): boolean =>
  (link === 'identity' || link === 'pair') && (outputs === 1 || treeOutput === null);

/** Linear SHAP and TreeSHAP (path-dependent where the trees know their cover) of sums or of margins. */
export function createSumExplainer(
  { pipeline, players }: Separable,
  { background }: ExplainOptions,
): OutputExplainer {
  const { estimator, preparation } = pipeline;
  const other = prepareTable(preparation, background);
  const treesOf = new Map<number, TreeShap>();
  const explainSum = (rows: typeof other, k: number): Shap => {
    if (estimator.type === 'linear') {
      const width = rows.names.length;
      const coefficients = estimator.coefficients.subarray(k * width, (k + 1) * width);
      const score = { intercept: estimator.intercepts[k], coefficients };
      return linearShap(score, { rows, background: other, players });
    }
    if (estimator.type !== 'trees') throw new Error('Broken invariant: no sum of leaves');
    const made = treesOf.get(k);
    const trees = { ...treesOfOutput(estimator, k), base: estimator.base[k] };
    const { cover } = estimator;
    const shap =
      made ??
      (cover === null
        ? createInterventionalShap(trees, encodedRows(other), players)
        : createTreeShap(trees, cover, players));
    treesOf.set(k, shap);
    return { base: shap.expected, contributions: shap.explain(encodedRows(rows)) };
  };
  return {
    method: estimator.type === 'linear' ? 'linear-shap' : 'tree-shap',
    explain({ table, output }) {
      const { k, factor, shift } = placeOf(pipeline, output);
      const { base, contributions } = explainSum(prepareTable(preparation, table), k);
      return {
        base: new Float64Array(table.rows).fill(factor * base + shift),
        contributions: contributions.map((value) => factor * value),
        isExact: true,
      };
    },
  };
}

/** Which sum an output is made of: of two probabilities, or their odds, there is one for both. */
function placeOf(
  pipeline: FittedPipeline,
  output: number,
): { k: number; factor: number; shift: number } {
  const { estimator } = pipeline;
  const link = 'link' in estimator ? estimator.link : 'identity';
  if (link === 'pair')
    return output === 0 ? { k: 0, factor: -1, shift: 1 } : { k: 0, factor: 1, shift: 0 };
  if (link !== 'logistic') return { k: output, factor: 1, shift: 0 };
  const { scale, shift } = linkedOutputs(pipeline) ?? { scale: 1, shift: 0 };
  const sign = output === 0 ? -1 : 1;
  return { k: 0, factor: sign * scale, shift: sign * shift };
}
