import type { Algorithm, LearningData } from '../algorithm.ts';
import {
  balancedWeights,
  CLASS_WEIGHT_DEFAULT,
  CLASS_WEIGHT_SPACE,
} from '../linear/class-weight.ts';
import type { LinearSolution } from '../linear/least-squares.ts';
import { toLinearEstimator } from '../linear/least-squares.ts';
import { LINEAR_RECIPE } from '../linear/recipe.ts';
import type { Parameters } from '../search/space.ts';
import { fitBernoulli } from './bernoulli-naive-bayes.ts';
import { fitCategorical } from './categorical-naive-bayes.ts';
import { solveComplement, solveMultinomial } from './count-naive-bayes.ts';
import { fitGaussian } from './gaussian-naive-bayes.ts';

const SMOOTHING = { alpha: { type: 'float', low: 1e-3, high: 100, log: true } } as const;
const SCALES = { columnScale: { type: 'categorical', choices: ['min-max', 'none'] } } as const;

const shared = {
  tasks: ['binary', 'multiclass'],
  cost: (rows: number, columns: number) => 2 * rows * columns,
  isExported: true,
} as const;

const weighted = (data: LearningData, parameters: Parameters): LearningData => ({
  ...data,
  weights: balancedWeights(data, parameters),
});

const scored = ({ classes }: LearningData, solution: LinearSolution) =>
  toLinearEstimator(solution, classes === 2 ? 'logistic' : 'softmax');

const countsOf = ({ alpha, fitPrior, columnScale }: Parameters) => ({
  alpha: Number(alpha),
  fitPrior: fitPrior === true,
  columnScale: String(columnScale),
});

const gaussian: Algorithm = {
  ...shared,
  name: 'gaussian-naive-bayes',
  title: 'Gaussian naive Bayes',
  recipe: { impute: 'median', indicators: true },
  defaults: { varSmoothing: 1e-9, fitPrior: true, ...CLASS_WEIGHT_DEFAULT },
  space: {
    varSmoothing: { type: 'float', low: 1e-10, high: 1, log: true },
    ...CLASS_WEIGHT_SPACE,
  },
  source: 'Hand and Yu 2001; scikit-learn 1.2.1: GaussianNB',
  fit: (data, parameters) =>
    fitGaussian(weighted(data, parameters), {
      varSmoothing: Number(parameters.varSmoothing),
      fitPrior: parameters.fitPrior === true,
    }),
};

const multinomial: Algorithm = {
  ...shared,
  name: 'multinomial-naive-bayes',
  title: 'Multinomial naive Bayes',
  recipe: { impute: 'median', indicators: true },
  defaults: { alpha: 1, fitPrior: true, columnScale: 'min-max', ...CLASS_WEIGHT_DEFAULT },
  space: { ...SMOOTHING, ...SCALES, ...CLASS_WEIGHT_SPACE },
  source: 'McCallum and Nigam 1998; scikit-learn 1.2.1: MultinomialNB',
  fit: (data, parameters) =>
    scored(data, solveMultinomial(weighted(data, parameters), countsOf(parameters))),
};

const complement: Algorithm = {
  ...shared,
  name: 'complement-naive-bayes',
  title: 'Complement naive Bayes',
  recipe: { impute: 'median', indicators: true },
  defaults: { alpha: 1, norm: false, columnScale: 'min-max', ...CLASS_WEIGHT_DEFAULT },
  space: {
    ...SMOOTHING,
    norm: { type: 'categorical', choices: [false, true] },
    ...SCALES,
    ...CLASS_WEIGHT_SPACE,
  },
  source: 'Rennie et al. 2003; scikit-learn 1.2.1: ComplementNB',
  fit: (data, parameters) =>
    scored(
      data,
      solveComplement(weighted(data, parameters), {
        ...countsOf(parameters),
        norm: parameters.norm === true,
      }),
    ),
};

const bernoulli: Algorithm = {
  ...shared,
  name: 'bernoulli-naive-bayes',
  title: 'Bernoulli naive Bayes',
  recipe: LINEAR_RECIPE,
  defaults: { alpha: 1, binarize: 0, fitPrior: true, ...CLASS_WEIGHT_DEFAULT },
  space: { ...SMOOTHING, binarize: { type: 'float', low: -0.9, high: 0.9 }, ...CLASS_WEIGHT_SPACE },
  source: 'McCallum and Nigam 1998; scikit-learn 1.2.1: BernoulliNB',
  fit: (data, parameters) =>
    fitBernoulli(weighted(data, parameters), {
      alpha: Number(parameters.alpha),
      binarize: Number(parameters.binarize),
      fitPrior: parameters.fitPrior === true,
    }),
};

const categorical: Algorithm = {
  ...shared,
  name: 'categorical-naive-bayes',
  title: 'Categorical naive Bayes',
  recipe: { impute: 'median', indicators: true },
  defaults: { alpha: 1, nBins: 10, fitPrior: true, ...CLASS_WEIGHT_DEFAULT },
  space: {
    ...SMOOTHING,
    nBins: { type: 'int', low: 2, high: 50, log: true },
    ...CLASS_WEIGHT_SPACE,
  },
  source: 'scikit-learn 1.2.1: CategoricalNB after KBinsDiscretizer',
  fit: (data, parameters) =>
    fitCategorical(weighted(data, parameters), {
      alpha: Number(parameters.alpha),
      nBins: Number(parameters.nBins),
      fitPrior: parameters.fitPrior === true,
    }),
};

export const BAYES_ALGORITHMS: readonly Algorithm[] = [
  ...[gaussian, multinomial, complement, bernoulli, categorical],
];
