import type { Table } from '../../table/table.ts';
import { type Predictor, predictModel } from '../ensemble/fitted-ensemble.ts';
import { outputsOf } from '../task.ts';
import type { ExplainOptions, OutputExplainer } from './explanation.ts';
import { type KernelShapOptions, kernelShap } from './kernel-shap.ts';
import { mixedTable } from './mixed-table.ts';

/**
 * Explains any model by asking it about mixed rows. Of a clustering, whose answer is a name and no
 * quantity, what is explained is being in the row's cluster: 1 there, 0 in any other.
 */
export function createKernelExplainer(
  model: Predictor,
  { background, maxCoalitions, rng }: ExplainOptions,
): OutputExplainer {
  const players = model.inputs.length;
  const outputs = outputsOf(model.task, model.classes.length);
  const isNamed = model.task === 'clustering';
  /** Mean over the background of what is explained, for each coalition. */
  const worthsOf = (mixed: Table, count: number, { output, own }: Explained): Float64Array => {
    const predictions = predictModel(model, mixed);
    const values = new Float64Array(count);
    for (let i = 0; i < mixed.rows; i++) {
      const answer = predictions[i * outputs + output];
      const worth = isNamed ? Number(answer === own) : answer;
      values[Math.floor(i / background.rows)] += worth / background.rows;
    }
    return values;
  };
  return {
    method: 'kernel-shap',
    explain({ table, output }) {
      const answers = isNamed ? predictModel(model, table) : null;
      const base = new Float64Array(table.rows);
      const contributions = new Float64Array(table.rows * players);
      for (let row = 0; row < table.rows; row++) {
        const explained = { output, own: answers?.[row] ?? 0 };
        const valuesOf: KernelShapOptions['valuesOf'] = (coalitions, count) =>
          worthsOf(mixedTable({ table, row, background, coalitions, count }), count, explained);
        const shap = kernelShap({ players, valuesOf, maxCoalitions, rng });
        base[row] = shap.base;
        contributions.set(shap.contributions, row * players);
      }
      return { base, contributions, isExact: 2 ** players - 2 <= maxCoalitions };
    },
  };
}

/** Which output, and of a clustering the cluster that the row is in. */
type Explained = { output: number; own: number };
