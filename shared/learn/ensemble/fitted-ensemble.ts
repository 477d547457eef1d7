import type { Matrix } from '../../prepare/matrix.ts';
import type { ColumnSpec, Table } from '../../table/table.ts';
import { type Calibration, calibrate } from '../calibration/calibration.ts';
import { type FittedEstimator, scoreRows } from '../fitted-estimator.ts';
import { type FittedPipeline, predictPipeline } from '../pipeline.ts';
import { isClassification, outputsOf, type Task } from '../task.ts';
import { type Competence, localWeights } from './local-weights.ts';

/** Several models that answer as one. Members may be ensembles: that is stacking in several levels. */
export type FittedEnsemble = {
  type: 'ensemble';
  task: Task;
  inputs: readonly ColumnSpec[];
  classes: readonly string[];
  members: Predictor[];
  combine: Combination;
  /** What its probabilities go through; absent: they are as combined. */
  calibration?: Calibration;
};

/** A pipeline, or an ensemble of such. */
export type Predictor = FittedPipeline | FittedEnsemble;

/**
 * How the members' predictions become one. `average`: weighted mean (soft voting, bagging, blending,
 * model averaging and greedy selection differ in how the weights came about). `vote`: the weighted
 * share of members that rank a class first. `stack`: an estimator over the members' predictions.
 * `local`: a weighted mean whose weights depend on the row. Weights are float32 and sum to 1.
 */
export type Combination =
  | { type: 'average'; weights: Float32Array }
  | { type: 'vote'; weights: Float32Array }
  | { type: 'stack'; final: FittedEstimator }
  | { type: 'local'; competence: Competence };

/** Predictions [rows, outputs] of a table that has the model's inputs. @see scoreRows */
export function predictModel(model: Predictor, table: Table): Float32Array {
  if (model.type === 'pipeline') return predictPipeline(model, table);
  const { calibration, classes } = model;
  const values = combined(model, table);
  if (calibration === undefined) return values;
  return calibrate(calibration, { reads: 'probabilities', values, classes: classes.length });
}

function combined(model: FittedEnsemble, table: Table): Float32Array {
  const predictions = model.members.map((member) => predictModel(member, table));
  if (model.combine.type === 'local')
    return locallyWeighted(predictions, localWeights(model.combine.competence, table));
  return combinePredictions({ ...model, combine: model.combine }, predictions);
}

/** An ensemble whose members' predictions alone decide. */
type Combined = Pick<FittedEnsemble, 'task' | 'classes'> & {
  combine: Exclude<Combination, { type: 'local' }>;
};

/** @param predictions one [rows, outputs] per member, in order */
export function combinePredictions(
  { task, classes, combine }: Combined,
  predictions: readonly Float32Array[],
): Float32Array {
  const outputs = outputsOf(task, classes.length);
  switch (combine.type) {
    case 'average':
      return weightedMean(predictions, combine.weights);
    case 'vote':
      return weightedMean(
        predictions.map((shares) => firstChoices(shares, outputs)),
        combine.weights,
      );
    case 'stack':
      return scoreRows(combine.final, stackMatrix(predictions, { task, outputs }));
  }
}

function locallyWeighted(
  predictions: readonly Float32Array[],
  weights: Float32Array,
): Float32Array {
  const members = predictions.length;
  const outputs = (predictions[0].length * members) / weights.length;
  return predictions[0].map((_, at) => {
    const row = Math.floor(at / outputs);
    let sum = 0;
    for (let m = 0; m < members; m++) sum += weights[row * members + m] * predictions[m][at];
    return sum;
  });
}

function weightedMean(predictions: readonly Float32Array[], weights: Float32Array): Float32Array {
  const mean = new Float32Array(predictions[0].length);
  for (let i = 0; i < mean.length; i++) {
    let sum = 0;
    for (let m = 0; m < predictions.length; m++)
      sum = Math.fround(sum + Math.fround(weights[m] * predictions[m][i]));
    mean[i] = sum;
  }
  return mean;
}

/** 1 for the most likely class of each row (the first of equals), else 0. */
function firstChoices(shares: Float32Array, outputs: number): Float32Array {
  const votes = new Float32Array(shares.length);
  for (let at = 0; at < shares.length; at += outputs) {
    let best = 0;
    for (let k = 1; k < outputs; k++) if (shares[at + k] > shares[at + best]) best = k;
    votes[at + best] = 1;
  }
  return votes;
}

/**
 * What a stack's final estimator learns from: the members' predictions side by side. The first class
 * of each is left out: it follows from the others, which sum to 1 with it.
 */
export function stackMatrix(
  predictions: readonly Float32Array[],
  { task, outputs }: { task: Task; outputs: number },
): Matrix {
  const first = isClassification(task) ? 1 : 0;
  const each = outputs - first;
  const rows = predictions[0].length / outputs;
  const width = predictions.length * each;
  const data = new Float32Array(rows * width);
  predictions.forEach((values, m) => {
    for (let row = 0; row < rows; row++)
      for (let k = 0; k < each; k++)
        data[row * width + m * each + k] = values[row * outputs + first + k];
  });
  const names = predictions.flatMap((_, m) =>
    Array.from({ length: each }, (_, k) => `member ${m + 1}, output ${first + k + 1}`),
  );
  return { rows, names, data, categories: [] };
}
