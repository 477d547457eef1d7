import type { Rng } from '../../core/rng.ts';
import { prepareTable } from '../../prepare/preparation.ts';
import { type Table, takeRows } from '../../table/table.ts';
import { type Predictor, predictModel } from '../ensemble/fitted-ensemble.ts';
import type { FittedPipeline } from '../pipeline.ts';
import { outputsOf } from '../task.ts';
import { type TreesEstimator, treesOfOutput } from '../trees/trees-estimator.ts';
import { columnInputs } from './column-inputs.ts';
import { createInterventionalShap } from './interventional-shap.ts';
import { type KernelShapOptions, kernelShap, type Shap } from './kernel-shap.ts';
import { linearShap } from './linear-shap.ts';
import { mixedTable } from './mixed-table.ts';
import { createTreeShap } from './tree-shap.ts';

export type ExplainOptions = {
  /** Rows that stand for "not known", of the training data; at least one. */
  background: Table;
  /** Coalitions a row at most, where no exact method applies. */
  maxCoalitions: number;
  rng: Rng;
};

/** Contributions [rows, inputs], row-major, and the base they are counted from, by row. */
export type Explanation = { base: Float64Array; contributions: Float64Array };

/**
 * Meaning: how much each raw input moved a row's prediction, in the units of what is predicted (target
 * units, or a probability): base + contributions = prediction, to float32 rounding. Method: exact
 * TreeSHAP and linear SHAP where the prediction is a sum of leaves or of terms; averages of models
 * share their members' values; kernel SHAP for everything else.
 * @param outputOf which output of each row is explained: a class's probability, else 0
 */
export function explainModel(
  model: Predictor,
  { table, outputOf }: { table: Table; outputOf: Uint16Array },
  options: ExplainOptions,
): Explanation {
  const isCalibrated = model.calibration !== undefined;
  if (!isCalibrated && model.type === 'ensemble' && model.combine.type === 'average') {
    const { weights } = model.combine;
    const parts = model.members.map((member) => explainModel(member, { table, outputOf }, options));
    return weightedSum(parts, weights);
  }
  const contributions = new Float64Array(table.rows * model.inputs.length);
  const base = new Float64Array(table.rows);
  for (const output of new Set(outputOf)) {
    const rows = Uint32Array.from(outputOf.keys()).filter((row) => outputOf[row] === output);
    const shap = explainOutput(model, { table: takeRows(table, rows), output }, options);
    rows.forEach((row, i) => {
      const { length } = model.inputs;
      base[row] = shap.base[i];
      contributions.set(shap.contributions.subarray(i * length, (i + 1) * length), row * length);
    });
  }
  return { base, contributions };
}

function weightedSum(parts: readonly Explanation[], weights: Float32Array): Explanation {
  const sum = (arrays: readonly Float64Array[]) =>
    arrays[0].map((_, at) => arrays.reduce((total, array, m) => total + weights[m] * array[at], 0));
  return {
    base: sum(parts.map(({ base }) => base)),
    contributions: sum(parts.map(({ contributions }) => contributions)),
  };
}

type Asked = { table: Table; output: number };

function explainOutput(model: Predictor, asked: Asked, options: ExplainOptions): Explanation {
  const isSum = model.type === 'pipeline' && !model.calibration && !model.outliers;
  const exact = isSum ? explainExactly(model, asked, options) : null;
  if (exact === null) return explainByKernel(model, asked, options);
  const base = new Float64Array(asked.table.rows).fill(exact.base);
  return { base, contributions: exact.contributions };
}

function explainExactly(
  model: FittedPipeline,
  { table, output }: Asked,
  { background }: ExplainOptions,
): Shap | null {
  const { estimator, preparation, inputs } = model;
  const ofColumn = columnInputs(preparation, inputs);
  if (ofColumn === null) return null;
  const players = { count: inputs.length, ofColumn };
  const rows = prepareTable(preparation, table);
  const other = prepareTable(preparation, background);
  if (estimator.type === 'linear' && estimator.link === 'identity') {
    const width = rows.names.length;
    const coefficients = estimator.coefficients.subarray(output * width, (output + 1) * width);
    const score = { intercept: estimator.intercepts[output], coefficients };
    return linearShap(score, { rows, background: other, players });
  }
  if (estimator.type !== 'trees' || !isSumOfLeaves(estimator)) return null;
  const k = estimator.link === 'pair' ? 0 : output;
  const trees = { ...treesOfOutput(estimator, k), base: estimator.base[k] };
  const encoded = (matrix: typeof rows) => ({ ...matrix, width: matrix.names.length });
  const shap =
    estimator.cover === null
      ? createInterventionalShap(trees, encoded(other), players)
      : createTreeShap(trees, estimator.cover, players);
  return { base: shap.expected, contributions: shap.explain(encoded(rows)) };
}

const isSumOfLeaves = ({ link, outputs, treeOutput }: TreesEstimator): boolean =>
  (link === 'identity' || link === 'pair') && (outputs === 1 || treeOutput === null);

function explainByKernel(
  model: Predictor,
  { table, output }: Asked,
  { background, maxCoalitions, rng }: ExplainOptions,
): Explanation {
  const players = model.inputs.length;
  const outputs = outputsOf(model.task, model.classes.length);
  const base = new Float64Array(table.rows);
  const contributions = new Float64Array(table.rows * players);
  for (let row = 0; row < table.rows; row++) {
    const valuesOf: KernelShapOptions['valuesOf'] = (coalitions, count) => {
      const mixed = mixedTable({ table, row, background, coalitions, count });
      const predictions = predictModel(model, mixed);
      const values = new Float64Array(count);
      for (let i = 0; i < mixed.rows; i++)
        values[Math.floor(i / background.rows)] +=
          predictions[i * outputs + output] / background.rows;
      return values;
    };
    const shap = kernelShap({ players, valuesOf, maxCoalitions, rng });
    base[row] = shap.base;
    contributions.set(shap.contributions, row * players);
  }
  return { base, contributions };
}
