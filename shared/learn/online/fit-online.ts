import type { FitOptions, LearningData } from '../algorithm.ts';
import { balancedWeights } from '../linear/class-weight.ts';
import { type LinearSolution, toLinearEstimator } from '../linear/least-squares.ts';
import type { LinearEstimator } from '../linear/linear-estimator.ts';
import { fitMarginLink, withMarginLink } from '../linear/margin-links.ts';
import { marginsOf } from '../linear/ridge-classifier.ts';
import { startingPoint } from '../linear/starting-point.ts';
import { inTargetUnits, withScaledTarget } from '../linear/target-scale.ts';
import type { Parameters } from '../search/space.ts';
import { type EpochData, runEpochs } from './epochs.ts';
import type { OnlineScore } from './example.ts';
import { createFtrlState, ftrlSolution, updateFtrl } from './ftrl-proximal.ts';
import { updatePassiveAggressive } from './passive-aggressive.ts';
import { createSgdState, type SgdOptions, updateSgd } from './stochastic-gradient.ts';

/** Learns one score of targets that are numbers, or -1 and +1, from `start` on: zeros, or one learnt. */
export type ScoreLearner = (
  data: EpochData & { start: OnlineScore },
  parameters: Parameters,
  options: FitOptions,
) => OnlineScore;

const noScore = (columns: number): OnlineScore => ({
  weights: new Float64Array(columns),
  intercept: 0,
});

const epochsOf = (parameters: Parameters, options: FitOptions) => ({
  maxIter: Number(parameters.maxIter),
  tol: Number(parameters.tol),
  nIterNoChange: Number(parameters.nIterNoChange),
  shuffle: parameters.shuffle === true,
  ...options,
});

/** @see updateSgd; `average`: the mean of the weights after each row. */
export const learnBySgd: ScoreLearner = (data, parameters, options) => {
  const state = createSgdState(data.start);
  const sgd = sgdOptionsOf(parameters);
  runEpochs(data, (example) => updateSgd(state, example, sgd), epochsOf(parameters, options));
  return parameters.average === true
    ? { weights: state.averageWeights, intercept: state.averageIntercept }
    : state;
};

function sgdOptionsOf(parameters: Parameters): SgdOptions {
  const { penalty, learningRate } = parameters;
  return {
    loss: { name: String(parameters.loss), epsilon: Number(parameters.epsilon) },
    alpha: penalty === 'none' ? 0 : Number(parameters.alpha),
    decay: Number(parameters.alpha),
    l1Ratio: penalty === 'l1' ? 1 : penalty === 'elastic-net' ? Number(parameters.l1Ratio) : 0,
    learningRate:
      learningRate === 'constant' || learningRate === 'optimal' ? learningRate : 'invscaling',
    eta0: Number(parameters.eta0),
    powerT: Number(parameters.powerT),
  };
}

/** @see updatePassiveAggressive */
export const learnPassiveAggressive: ScoreLearner = (data, parameters, options) => {
  const state = { ...data.start };
  const given = {
    loss: { name: String(parameters.loss), epsilon: Number(parameters.epsilon) },
    C: Number(parameters.C),
    variant: parameters.variant === 'pa2' ? 'pa2' : 'pa1',
  } as const;
  runEpochs(
    data,
    (example) => updatePassiveAggressive(state, example, given),
    epochsOf(parameters, options),
  );
  return state;
};

/** One score of the target, in target units. Steps are as long as at first after a warm start. */
export function solveOnlineRegression(
  learner: ScoreLearner,
  data: LearningData,
  { parameters, options }: { parameters: Parameters; options: FitOptions },
): LinearSolution {
  const { scaled, scale } = withScaledTarget(data, parameters);
  const columns = data.matrix.names.length;
  const before = startingPoint(options.warmStart, { columns, outputs: 1 }, scale);
  const start = before
    ? { weights: before.slice(0, columns), intercept: before[columns] }
    : noScore(columns);
  const { weights, intercept } = learner({ ...scaled, start }, parameters, options);
  const solution = { coefficients: [weights], intercepts: Float64Array.of(intercept) };
  return inTargetUnits(solution, scale);
}

/**
 * Two classes: one score; more: one against the rest each. Probabilities are the learner's own where
 * its loss is the log loss of two classes, else from margins out of fold.
 */
export function fitOnlineClassifier(
  learner: ScoreLearner,
  data: LearningData,
  { parameters, options }: { parameters: Parameters; options: FitOptions },
): LinearEstimator {
  const solve = (training: LearningData) =>
    solveOnlineMargins(learner, training, { parameters, options });
  if (parameters.loss === 'log-loss' && data.classes === 2)
    return toLinearEstimator(solve(data), 'logistic');
  const link = fitMarginLink(data, options.rng, (training, rows) =>
    marginsOf(solve(training), rows),
  );
  const type = data.classes === 2 ? 'logistic' : 'softmax';
  return toLinearEstimator(withMarginLink(solve(data), link), type);
}

export function solveOnlineMargins(
  learner: ScoreLearner,
  data: LearningData,
  { parameters, options }: { parameters: Parameters; options: FitOptions },
): LinearSolution {
  const { target, classes, matrix } = data;
  const weights = balancedWeights(data, parameters);
  const codes = classes === 2 ? [1] : Array.from({ length: classes }, (_, k) => k);
  const scores = codes.map((code) => {
    const signs = target.map((value) => (value === code ? 1 : -1));
    const start = noScore(matrix.names.length);
    return learner({ matrix, target: signs, weights, start }, parameters, options);
  });
  return {
    coefficients: scores.map((score) => score.weights),
    intercepts: Float64Array.from(scores, ({ intercept }) => intercept),
  };
}

/** @see updateFtrl */
export function fitFtrl(
  data: LearningData,
  parameters: Parameters,
  options: FitOptions,
): LinearEstimator {
  const { matrix, target, classes } = data;
  const given = {
    alpha: Number(parameters.alpha),
    beta: Number(parameters.beta),
    lambda1: Number(parameters.lambda1),
    lambda2: Number(parameters.lambda2),
  };
  const columns = matrix.names.length;
  const outputs = classes === 2 ? 1 : classes;
  const before = startingPoint(options.warmStart, { columns, outputs });
  const state = createFtrlState({ columns, outputs }, given, before);
  runEpochs(
    { matrix, target, weights: balancedWeights(data, parameters) },
    (example) => updateFtrl(state, example, given),
    epochsOf(parameters, options),
  );
  return toLinearEstimator(ftrlSolution(state), classes === 2 ? 'logistic' : 'softmax');
}
