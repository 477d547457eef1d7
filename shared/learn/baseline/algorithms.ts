import type { Algorithm, LearningData } from '../algorithm.ts';
import type { LinearEstimator } from '../linear/linear-estimator.ts';
import { isClassification } from '../task.ts';

/** Answers the same whatever the row: what any other algorithm has to beat. */
const baseline: Algorithm = {
  name: 'baseline',
  title: 'Mean or class shares',
  tasks: ['regression', 'binary', 'multiclass'],
  recipe: { impute: 'median' },
  defaults: {},
  space: {},
  cost: (rows) => rows,
  isExported: true,
  source: "scikit-learn 1.2: DummyRegressor(strategy='mean'), DummyClassifier(strategy='prior')",
  fit: fitBaseline,
};

export const BASELINE_ALGORITHMS: readonly Algorithm[] = [baseline];

/** @param data at least one row of weight above 0 */
export function fitBaseline({
  task,
  matrix,
  target,
  classes,
  weights,
}: LearningData): LinearEstimator {
  const outputs = isClassification(task) ? classes : 1;
  const sums = new Float64Array(outputs);
  let total = 0;
  for (let row = 0; row < matrix.rows; row++) {
    const weight = weights === null ? 1 : weights[row];
    total += weight;
    if (isClassification(task)) sums[target[row]] += weight;
    else sums[0] += weight * target[row];
  }
  return {
    type: 'linear',
    outputs,
    coefficients: new Float32Array(outputs * matrix.names.length),
    intercepts: Float32Array.from(sums, (sum) => sum / total),
    link: 'identity',
  };
}
