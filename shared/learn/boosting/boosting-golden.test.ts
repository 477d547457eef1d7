import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import type { LearningData } from '../algorithm.ts';
import type { Parameters } from '../search/space.ts';
import type { Task } from '../task.ts';
import { scoreTrees } from '../trees/trees-estimator.ts';
import { fitBoosting } from './fit-boosting.ts';

/** Numbers that float32 holds exactly, so that any language makes the same. */
function goldenData(task: Task, isWeighted: boolean): LearningData {
  const i = Array.from({ length: 120 }, (_, row) => row);
  const x0 = i.map((row) => (((row * 37) % 101) - 50) / 8);
  const x1 = i.map((row) => (row % 10 === 3 ? Number.NaN : ((row * 53) % 97) / 8));
  const y = i.map(
    (row) =>
      (x0[row] > 1 ? 4 : 0) + (Number.isNaN(x1[row]) ? 3 : x1[row] / 2) + ((row * 29) % 23) / 16,
  );
  const cells = i.flatMap((row) => [x0[row], x1[row]]);
  const codes = {
    binary: (value: number) => (value > 5 ? 1 : 0),
    multiclass: (value: number) => (value < 4 ? 0 : value < 7 ? 1 : 2),
  };
  const isClasses = task === 'binary' || task === 'multiclass';
  return {
    task,
    matrix: { rows: 120, names: ['x0', 'x1'], data: Float32Array.from(cells), categories: [] },
    target: Float64Array.from(isClasses ? y.map(codes[task]) : y),
    classes: task === 'binary' ? 2 : task === 'multiclass' ? 3 : 0,
    weights: isWeighted ? Float64Array.from(i, (row) => 1 + (row % 4) / 2) : null,
  };
}

const answers = (data: LearningData, parameters: Parameters) =>
  scoreTrees(fitBoosting(data, parameters, { rng: createRng(3) }), data.matrix);

const SMALL = {
  ...{ maxIter: 10, maxLeafNodes: 6, minSamplesLeaf: 5, l2Regularization: 1 },
  earlyStopping: false,
};

/** scikit-learn 1.2.1, HistGradientBoosting{Regressor,Classifier}, its first answers. */
const GOLDEN: [string, Task, Parameters, boolean, number[]][] = [
  ['squared', 'regression', {}, false, [2.785884, 4.320603, 5.331954, 4.320603, 2.906579, 7.65039]],
  ['squared', 'regression', {}, true, [2.769734, 4.421691, 5.253381, 4.316377, 2.890376, 7.664941]],
  [
    'absolute',
    'regression',
    {},
    false,
    [3.265196, 4.019406, 5.035574, 4.068131, 3.265196, 7.219222],
  ],
  ['absolute', 'regression', {}, true, [3.317199, 4.006863, 5.019528, 3.98171, 3.317199, 7.334576]],
  [
    'quantile',
    'regression',
    { quantile: 0.8 },
    false,
    [5.763592, 5.763592, 6.979349, 5.763592, 5.763592, 8.929713],
  ],
  [
    'quantile',
    'regression',
    { quantile: 0.8 },
    true,
    [5.753849, 5.753849, 7.033928, 5.753849, 5.753849, 8.913561],
  ],
  [
    'poisson',
    'regression',
    {},
    false,
    [2.676648, 4.225006, 5.440907, 4.225006, 2.867792, 7.717725],
  ],
  ['poisson', 'regression', {}, true, [2.680612, 4.31398, 5.409187, 4.31398, 3.056521, 7.753642]],
  ['log', 'binary', {}, false, [0.8017104, 0.1982896, 0.8017104, 0.1982896, 0.5225637, 0.4774363]],
  ['log', 'binary', {}, true, [0.8052591, 0.1947409, 0.8052591, 0.1947409, 0.5447206, 0.4552794]],
  [
    'log',
    'multiclass',
    {},
    false,
    [0.8637409, 0.07798297, 0.0582761, 0.5619592, 0.3443247, 0.0937161],
  ],
  [
    'log',
    'multiclass',
    {},
    true,
    [0.8721985, 0.07338562, 0.05441584, 0.4757895, 0.421486, 0.1027245],
  ],
];

test.each(GOLDEN)('the %s loss of a %s answers as scikit-learn %o, weighted %s', (...given) => {
  const [loss, task, parameters, isWeighted, golden] = given;
  const chosen = task === 'regression' ? { ...parameters, loss } : parameters;
  const predictions = answers(goldenData(task, isWeighted), { ...SMALL, ...chosen });
  golden.forEach((value, i) => {
    expect(predictions[i]).toBeCloseTo(value, 5);
  });
});

/** XGBoost 1.7.4 (hist, lossguide, 6 leaves, eta .1, lambda 1), its first answers. */
const XGBOOST: [string, Task, Parameters, number[]][] = [
  [
    'alpha 2.5, child weight 7',
    'regression',
    { l1Regularization: 2.5, minChildWeight: 7 },
    [2.988054, 4.410451, 5.311447, 4.290585, 2.988054, 7.659032],
  ],
  [
    'alpha .5, child weight 2',
    'binary',
    { l1Regularization: 0.5, minChildWeight: 2 },
    [0.7960453, 0.2039547, 0.7960453, 0.2039547, 0.3866356, 0.6133644],
  ],
  [
    'constraints 1 and -1, child weight 7',
    'regression',
    { minChildWeight: 7, monotoneConstraints: '{"x0":1,"x1":-1}' },
    [3.710177, 4.451409, 6.843737, 3.86922, 4.451409, 6.909772],
  ],
];

test.each(XGBOOST)('what scikit-learn has no name for answers as XGBoost: %s (%s)', (...given) => {
  const [, task, parameters, golden] = given;
  const options = { ...SMALL, minSamplesLeaf: 1, ...parameters };
  const predictions = answers(goldenData(task, false), options);
  golden.forEach((value, i) => {
    expect(predictions[i]).toBeCloseTo(value, 5);
  });
});
