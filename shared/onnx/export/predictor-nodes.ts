import { readEstimator } from '../../learn/calibration/class-scores.ts';
import type { FittedEnsemble, Predictor } from '../../learn/ensemble/fitted-ensemble.ts';
import type { FittedPipeline } from '../../learn/pipeline.ts';
import { isClassification } from '../../learn/task.ts';
import type { Preparation } from '../../prepare/preparation.ts';
import type { Step } from '../../prepare/step.ts';
import { ELEMENT_TYPE, intAttribute } from '../graph.ts';
import { calibrationNodes } from './calibration-nodes.ts';
import { cast, combine, concatColumns, gatherColumns, rowConstant } from './column-nodes.ts';
import { encodingNodes } from './encoding-nodes.ts';
import { estimatorNodes } from './estimator-nodes.ts';
import type { Columns, GraphWriter } from './graph-writer.ts';
import { localWeightNodes } from './local-weight-nodes.ts';
import { stepNodes } from './step-nodes.ts';

/** Predictions [N, outputs] of the raw inputs, as `predictModel`. @throws ExportProblem */
export function predictorNodes(writer: GraphWriter, predictor: Predictor): Columns {
  const { calibration, classes } = predictor;
  const scores =
    predictor.type === 'pipeline'
      ? pipelineNodes(writer, predictor)
      : ensembleNodes(writer, predictor);
  if (calibration === undefined) return scores;
  return calibrationNodes(writer, { calibration, classes: classes.length }, scores);
}

/** What the calibration reads; the predictions, where there is none. */
function pipelineNodes(writer: GraphWriter, pipeline: FittedPipeline): Columns {
  const { estimator, calibration } = pipeline;
  const read = readEstimator(estimator, calibration?.reads ?? 'probabilities');
  return estimatorNodes(writer, read, flaggedNodes(writer, pipeline));
}

/** Raw inputs to what the estimator reads. */
function flaggedNodes(writer: GraphWriter, pipeline: FittedPipeline): Columns {
  const columns = preparedNodes(writer, pipeline);
  if (pipeline.outliers === undefined) return columns;
  const { steps, estimator, threshold } = pipeline.outliers;
  const score = estimatorNodes(writer, estimator, stepsNodes(writer, steps, columns));
  const isOutlier = combine(writer, 'Greater', score.tensor, rowConstant(writer, [threshold]));
  const flag = { tensor: cast(writer, isOutlier, ELEMENT_TYPE.float), width: 1 };
  return concatColumns(writer, [columns, flag]);
}

/** Raw inputs to the prepared matrix. */
const preparedNodes = (
  writer: GraphWriter,
  { preparation }: { preparation: Preparation },
): Columns => stepsNodes(writer, preparation.steps, encodingNodes(writer, preparation.encoding));

const stepsNodes = (writer: GraphWriter, steps: readonly Step[], columns: Columns): Columns =>
  steps.reduce((current, step) => stepNodes(writer, step, current), columns);

/** Members share the nodes of an encoding that they have in common. */
function ensembleNodes(writer: GraphWriter, ensemble: FittedEnsemble): Columns {
  const { members, combine: how, task } = ensemble;
  const predictions = members.map((member) => predictorNodes(writer, member));
  switch (how.type) {
    case 'average':
      return weightedMean(writer, predictions, how.weights);
    case 'vote':
      return weightedMean(
        writer,
        predictions.map((shares) => firstChoices(writer, shares)),
        how.weights,
      );
    case 'stack': {
      const first = isClassification(task) ? 1 : 0;
      const blocks = predictions.map((shares) =>
        first === 0 ? shares : gatherColumns(writer, shares, range(first, shares.width)),
      );
      return estimatorNodes(writer, how.final, concatColumns(writer, blocks));
    }
    case 'local': {
      const weights = localWeightNodes(
        writer,
        how.competence,
        preparedNodes(writer, how.competence),
      );
      return locallyWeighted(writer, predictions, weights);
    }
  }
}

function weightedMean(
  writer: GraphWriter,
  predictions: readonly Columns[],
  weights: Float32Array,
): Columns {
  const weighted = predictions.map(({ tensor }, member) =>
    combine(writer, 'Mul', tensor, rowConstant(writer, [weights[member]])),
  );
  const sum = weighted.reduce((total, tensor) => combine(writer, 'Add', total, tensor));
  return { tensor: sum, width: predictions[0].width };
}

/** Each member's predictions times its own column of weights. */
function locallyWeighted(
  writer: GraphWriter,
  predictions: readonly Columns[],
  weights: Columns,
): Columns {
  const weighted = predictions.map(({ tensor }, member) =>
    combine(writer, 'Mul', tensor, gatherColumns(writer, weights, [member]).tensor),
  );
  const sum = weighted.reduce((total, tensor) => combine(writer, 'Add', total, tensor));
  return { tensor: sum, width: predictions[0].width };
}

/** 1 for the most likely class of each row (the first of equals), else 0. */
function firstChoices(writer: GraphWriter, { tensor, width }: Columns): Columns {
  const classes = BigInt64Array.from(range(0, width), BigInt);
  const isFirst = combine(
    writer,
    'Equal',
    likeliestNodes(writer, tensor, true),
    writer.constant(classes, [1, width]),
  );
  return { tensor: cast(writer, isFirst, ELEMENT_TYPE.float), width };
}

/** The likeliest class of each row: int64 [N], or [N, 1] where dimensions are kept. */
export const likeliestNodes = (writer: GraphWriter, tensor: string, isKept: boolean): string =>
  writer.add({
    opType: 'ArgMax',
    inputs: [tensor],
    attributes: [intAttribute('axis', 1), intAttribute('keepdims', isKept ? 1 : 0)],
  });

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);
