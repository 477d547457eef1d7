import type { Algorithm } from '../algorithm.ts';
import { fitForest } from '../forest/forest.ts';
import type { Parameters, SearchSpace } from '../search/space.ts';
import type { Task } from '../task.ts';
import { TREE_DEFAULTS } from './tree-parameters.ts';

const SPACE: SearchSpace = {
  maxDepth: { type: 'categorical', choices: [0, 3, 5, 8, 12] },
  minSamplesLeaf: { type: 'int', low: 1, high: 128, log: true },
  splitter: { type: 'categorical', choices: ['best', 'random'] },
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

export const TREE_ALGORITHMS: readonly Algorithm[] = [
  entry(['regression'], { criterion: 'squared_error' }, SPACE),
  entry(['binary', 'multiclass'], { criterion: 'gini', classWeight: 'none' }, CLASS_SPACE),
];
