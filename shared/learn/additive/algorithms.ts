import type { Algorithm } from '../algorithm.ts';
import { ADDITIVE_DEFAULTS, fitAdditive } from './fit-additive.ts';

const explainableBoosting: Algorithm = {
  name: 'explainable-boosting',
  title: 'Explainable boosting machine',
  tasks: ['regression', 'binary', 'multiclass'],
  recipe: { oneHotUpTo: 128 },
  defaults: ADDITIVE_DEFAULTS,
  space: {
    learningRate: { type: 'float', low: 0.005, high: 0.1, log: true },
    maxLeaves: { type: 'int', low: 2, high: 5 },
    minSamplesLeaf: { type: 'int', low: 2, high: 50, log: true },
    interactions: { type: 'int', low: 0, high: 20 },
    outerBags: { type: 'int', low: 4, high: 16 },
  },
  cost: (rows, columns) => 4 * 1000 * 2 * rows * (columns + 10),
  isExported: true,
  source:
    'Lou, Caruana, Gehrke, Hooker 2013 (GA2M, FAST); Nori et al. 2019. InterpretML 0.6: ExplainableBoostingRegressor, ExplainableBoostingClassifier',
  fit: fitAdditive,
};

export const ADDITIVE_ALGORITHMS: readonly Algorithm[] = [explainableBoosting];
