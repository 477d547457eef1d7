import type { Algorithm } from '../algorithm.ts';
import { CLASS_WEIGHT_DEFAULT, CLASS_WEIGHT_SPACE } from '../linear/class-weight.ts';
import { linearClassifier, linearRegressor } from '../linear/linear-algorithm.ts';
import { LINEAR_RECIPE } from '../linear/recipe.ts';
import { SCALE_TARGET_DEFAULT } from '../linear/target-scale.ts';
import { fitGaussianProcess } from './gaussian-process.ts';
import { fitKernelSvc, fitKernelSvr } from './kernel-machine.ts';
import { fitKernelRidge } from './kernel-ridge.ts';
import { fitLinearSvc, solveLinearSvr } from './linear-machine.ts';

const C_SPACE = { C: { type: 'float', low: 1e-3, high: 1e3, log: true } } as const;

const linearSvc = linearClassifier({
  name: 'linear-svc',
  title: 'Linear support vector machine',
  defaults: { loss: 'squared-hinge', C: 1, maxIter: 1000, tol: 1e-4, ...CLASS_WEIGHT_DEFAULT },
  space: {
    ...C_SPACE,
    loss: { type: 'categorical', choices: ['squared-hinge', 'hinge'] },
    ...CLASS_WEIGHT_SPACE,
  },
  cost: (rows, columns) => 25 * rows * columns ** 2,
  source: 'Cortes and Vapnik 1995; Hsieh et al. 2008; Platt 1999; scikit-learn 1.2.1: LinearSVC',
  fit: fitLinearSvc,
});

const linearSvr = linearRegressor({
  name: 'linear-svr',
  title: 'Linear support vector regression',
  defaults: {
    loss: 'epsilon-insensitive',
    epsilon: 0,
    C: 1,
    maxIter: 1000,
    tol: 1e-4,
    ...SCALE_TARGET_DEFAULT,
  },
  space: {
    ...C_SPACE,
    loss: { type: 'categorical', choices: ['epsilon-insensitive', 'squared-epsilon-insensitive'] },
  },
  cost: (rows, columns) => 1000 * rows * columns,
  source: 'Ho and Lin 2012; scikit-learn 1.2.1: LinearSVR',
  solve: solveLinearSvr,
});

const KERNEL_DEFAULTS = { kernel: 'rbf', gammaScale: 1, degree: 3, coef0: 0 };
const KERNEL_SPACE = {
  kernel: { type: 'categorical', choices: ['rbf', 'poly', 'sigmoid'] },
  gammaScale: { type: 'float', low: 1e-2, high: 1e2, log: true },
  degree: { type: 'int', low: 2, high: 4, when: { parameter: 'kernel', in: ['poly'] } },
  coef0: { type: 'float', low: 0, high: 2, when: { parameter: 'kernel', in: ['poly', 'sigmoid'] } },
} as const;

const SMO = { tol: 1e-3, maxIter: 10_000_000 };

const kernelSvc: Algorithm = {
  name: 'kernel-svc',
  title: 'Kernel support vector machine',
  tasks: ['binary', 'multiclass'],
  recipe: LINEAR_RECIPE,
  defaults: { C: 1, ...KERNEL_DEFAULTS, ...SMO, ...CLASS_WEIGHT_DEFAULT },
  space: { ...C_SPACE, ...KERNEL_SPACE, ...CLASS_WEIGHT_SPACE },
  cost: (rows, columns) => 4 * rows ** 2 * columns,
  isExported: true,
  source: 'Cortes and Vapnik 1995; Fan, Chen and Lin 2005; scikit-learn 1.2.1: SVC (LIBSVM)',
  fit: fitKernelSvc,
};

const kernelSvr: Algorithm = {
  name: 'kernel-svr',
  title: 'Kernel support vector regression',
  tasks: ['regression'],
  recipe: LINEAR_RECIPE,
  defaults: { C: 1, epsilon: 0.1, ...KERNEL_DEFAULTS, ...SMO, ...SCALE_TARGET_DEFAULT },
  space: {
    ...C_SPACE,
    epsilon: { type: 'float', low: 1e-3, high: 1, log: true },
    ...KERNEL_SPACE,
  },
  cost: (rows, columns) => rows ** 2 * columns,
  isExported: true,
  source: 'Smola and Schoelkopf 2004; Fan, Chen and Lin 2005; scikit-learn 1.2.1: SVR (LIBSVM)',
  fit: fitKernelSvr,
};

const kernelRidge: Algorithm = {
  name: 'kernel-ridge',
  title: 'Kernel ridge regression',
  tasks: ['regression'],
  recipe: LINEAR_RECIPE,
  defaults: { alpha: 1, ...KERNEL_DEFAULTS, maxVectors: 500 },
  space: { alpha: { type: 'float', low: 1e-4, high: 1e2, log: true }, ...KERNEL_SPACE },
  cost: (rows, columns) => rows * Math.min(rows, 500) * (columns + Math.min(rows, 500) / 2),
  isExported: true,
  source: 'Saunders et al. 1998; Williams and Seeger 2001; scikit-learn 1.2.1: KernelRidge',
  fit: fitKernelRidge,
};

const gaussianProcess: Algorithm = {
  name: 'gaussian-process',
  title: 'Gaussian process regression',
  tasks: ['regression'],
  recipe: LINEAR_RECIPE,
  defaults: { maxVectors: 250 },
  space: { maxVectors: { type: 'int', low: 100, high: 600, log: true } },
  cost: (rows, columns) => 56 * (Math.min(rows, 250) ** 3 / 6 + rows * columns),
  isExported: true,
  source: 'Rasmussen and Williams 2006; scikit-learn 1.2.1: GaussianProcessRegressor',
  fit: fitGaussianProcess,
};

export const SVM_ALGORITHMS: readonly Algorithm[] = [
  ...[linearSvc, linearSvr, kernelSvc, kernelSvr, kernelRidge, gaussianProcess],
];
