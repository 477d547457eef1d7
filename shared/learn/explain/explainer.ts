import { takeRows } from '../../table/table.ts';
import type { FittedEnsemble, Predictor } from '../ensemble/fitted-ensemble.ts';
import { columnInputs } from './column-inputs.ts';
import type { Explainer, ExplainOptions, OutputExplainer, Separable } from './explanation.ts';
import { createKernelExplainer } from './kernel-explainer.ts';
import { createLinkedExplainer, linkedOutputs } from './linked-explainer.ts';
import { createSumExplainer, isSum } from './sum-explainer.ts';

/**
 * Meaning: how much each raw input moved a row's prediction, in the units of what is predicted (target
 * units, a probability, or for a clustering the share of the background that is in the row's
 * cluster): base + contributions = prediction, to float32 rounding. An average of models shares its
 * members' values. What depends on the model alone is made once.
 */
export function createExplainer(model: Predictor, options: ExplainOptions): Explainer {
  if (isAverage(model)) return averageExplainer(model, options);
  const explainer = outputExplainer(model, options);
  const { length } = model.inputs;
  return {
    methods: [explainer.method],
    explain({ table, outputOf }) {
      const contributions = new Float64Array(table.rows * length);
      const base = new Float64Array(table.rows);
      let isExact = true;
      for (const output of new Set(outputOf)) {
        const rows = Uint32Array.from(outputOf.keys()).filter((row) => outputOf[row] === output);
        const shap = explainer.explain({ table: takeRows(table, rows), output });
        isExact &&= shap.isExact;
        rows.forEach((row, i) => {
          base[row] = shap.base[i];
          const own = shap.contributions.subarray(i * length, (i + 1) * length);
          contributions.set(own, row * length);
        });
      }
      return { base, contributions, isExact };
    },
  };
}

type Average = FittedEnsemble & { combine: { type: 'average'; weights: Float32Array } };

const isAverage = (model: Predictor): model is Average =>
  model.type === 'ensemble' && model.combine.type === 'average' && !model.calibration;

function averageExplainer({ members, combine }: Average, options: ExplainOptions): Explainer {
  const parts = members.flatMap((member, m) =>
    combine.weights[m] === 0
      ? []
      : [{ weight: combine.weights[m], explainer: createExplainer(member, options) }],
  );
  const sum = (arrays: readonly Float64Array[]) =>
    arrays[0].map((_, at) =>
      arrays.reduce((total, array, m) => total + parts[m].weight * array[at], 0),
    );
  return {
    methods: [...new Set(parts.flatMap(({ explainer }) => explainer.methods))],
    explain(asked) {
      const explained = parts.map(({ explainer }) => explainer.explain(asked));
      return {
        base: sum(explained.map(({ base }) => base)),
        contributions: sum(explained.map(({ contributions }) => contributions)),
        isExact: explained.every(({ isExact }) => isExact),
      };
    },
  };
}

/** Null where a column that the estimator reads mixes inputs. */
function separable(model: Predictor): Separable | null {
  if (model.type === 'ensemble' || model.outliers || model.task === 'clustering') return null;
  const ofColumn = columnInputs(model.preparation, model.inputs);
  return ofColumn && { pipeline: model, players: { count: model.inputs.length, ofColumn } };
}

/** Whether a model adds up margins that can be explained by themselves. */
export function hasMargins(model: Predictor): boolean {
  const found = separable(model);
  if (found === null) return false;
  const { type } = found.pipeline.estimator;
  const isAdded = type === 'linear' || type === 'trees';
  return isAdded && (isSum(found.pipeline) || linkedOutputs(found.pipeline) !== null);
}

function outputExplainer(model: Predictor, options: ExplainOptions): OutputExplainer {
  const found = separable(model);
  const isMargin = options.space === 'margin';
  if (isMargin && !hasMargins(model)) throw new Error('The model adds up no margins');
  if (found !== null && (isMargin || isSum(found.pipeline)))
    return createSumExplainer(found, options);
  return (found && createLinkedExplainer(found, options)) ?? createKernelExplainer(model, options);
}
