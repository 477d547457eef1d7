import type { Algorithm } from '../algorithm.ts';
import { fitForest } from '../forest/forest.ts';
import type { Parameters, SearchSpace } from '../search/space.ts';
import type { Task } from '../task.ts';
import { fitHoeffding } from './hoeffding/fit-hoeffding.ts';
import { TREE_DEFAULTS } from './tree-parameters.ts';

const SPACE: SearchSpace = {
  maxDepth: { type: 'categorical', choices: [0, 3, 5, 8, 12] },
  minSamplesLeaf: { type: 'int', low: 1, high: 128, log: true },
  splitter: { type: 'categorical', choices: ['best', 'random'] },
  ccpAlpha: { type: 'float', low: 0, high: 0.02 },
};

const CLASS_SPACE: SearchSpace = {
  ...SPACE,
  criterion: { type: 'categorical', choices: ['gini', 'entropy'] },
  classWeight: { type: 'categorical', choices: ['none', 'balanced'] },
};

const entry = (tasks: Task[], own: Parameters, space: SearchSpace): Algorithm => ({
  name: 'decision-tree',
  title: 'Decision tree',
  tasks,
  recipe: {},
  defaults: { ...TREE_DEFAULTS, splitter: 'best', maxFeatures: 1, ...own },
  space,
  cost: (rows, columns) => 10 * rows * columns * Math.max(1, Math.log2(rows)),
  isExported: true,
  source:
    'Breiman, Friedman, Olshen and Stone 1984; scikit-learn 1.2: DecisionTreeRegressor, DecisionTreeClassifier',
  fit: fitForest,
});

const HOEFFDING_SPACE: SearchSpace = {
  gracePeriod: { type: 'int', low: 20, high: 1000, log: true },
  delta: { type: 'float', low: 1e-9, high: 0.1, log: true },
  tau: { type: 'float', low: 0, high: 0.3 },
  passes: { type: 'int', low: 1, high: 10 },
};

const HOEFFDING = {
  tasks: ['regression', 'binary', 'multiclass'],
  recipe: {},
  isExported: true,
  fit: fitHoeffding,
} as const;

const HOEFFDING_DEFAULTS: Parameters = {
  ...{ gracePeriod: 200, delta: 1e-7, tau: 0.05, passes: 1, maxFeatures: 1 },
  classWeight: 'none',
};

const hoeffdingTree: Algorithm = {
  ...HOEFFDING,
  name: 'hoeffding-tree',
  title: 'Hoeffding tree',
  defaults: HOEFFDING_DEFAULTS,
  space: HOEFFDING_SPACE,
  cost: (rows, columns) => 10 * rows * columns,
  source:
    'Domingos and Hulten 2000; Ikonomovska, Gama and Dzeroski 2011; river 0.21: HoeffdingTreeClassifier',
};

const onlineBagging: Algorithm = {
  ...HOEFFDING,
  name: 'online-bagging',
  title: 'Online bagging of Hoeffding trees',
  defaults: { ...HOEFFDING_DEFAULTS, nEstimators: 10 },
  space: {
    ...HOEFFDING_SPACE,
    nEstimators: { type: 'int', low: 3, high: 50, log: true },
    maxFeatures: { type: 'categorical', choices: ['sqrt', 0.5, 1] },
  },
  cost: (rows, columns) => 100 * rows * columns,
  source: 'Oza and Russell 2001; river 0.21: BaggingClassifier',
};

export const TREE_ALGORITHMS: readonly Algorithm[] = [
  entry(['regression'], { criterion: 'squared_error' }, SPACE),
  entry(['binary', 'multiclass'], { criterion: 'gini', classWeight: 'none' }, CLASS_SPACE),
  hoeffdingTree,
  onlineBagging,
];
