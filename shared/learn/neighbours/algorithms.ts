import type { Algorithm } from '../algorithm.ts';
import type { SearchSpace } from '../search/space.ts';
import { fitNeighbourDistance, fitNeighbours, fitOutlierFactor } from './fit-neighbours.ts';

const NEIGHBOURS: SearchSpace = { nNeighbors: { type: 'int', low: 1, high: 100, log: true } };

const SHARED = {
  recipe: { impute: 'median', scale: 'standard' },
  cost: (rows: number, columns: number) => rows * columns * Math.max(1, Math.log2(rows)),
  isExported: true,
} as const;

const nearestNeighbours: Algorithm = {
  ...SHARED,
  name: 'nearest-neighbours',
  title: 'k nearest neighbours',
  tasks: ['regression', 'binary', 'multiclass'],
  defaults: { nNeighbors: 5, weights: 'uniform' },
  space: { ...NEIGHBOURS, weights: { type: 'categorical', choices: ['uniform', 'distance'] } },
  source:
    'Fix and Hodges 1951; scikit-learn 1.2: KNeighborsRegressor, KNeighborsClassifier (k-d tree)',
  fit: fitNeighbours,
};

const neighbourDistance: Algorithm = {
  ...SHARED,
  name: 'neighbour-distance',
  title: 'Distance to the nearest rows',
  tasks: ['anomaly'],
  defaults: { nNeighbors: 5, method: 'largest' },
  space: {
    ...NEIGHBOURS,
    method: { type: 'categorical', choices: ['largest', 'mean', 'median'] },
  },
  source: 'Ramaswamy, Rastogi and Shim 2000; Angiulli and Pizzuti 2002; PyOD: KNN',
  fit: fitNeighbourDistance,
};

const localOutlierFactor: Algorithm = {
  ...SHARED,
  name: 'local-outlier-factor',
  title: 'Local outlier factor',
  tasks: ['anomaly'],
  defaults: { nNeighbors: 20 },
  space: NEIGHBOURS,
  source: 'Breunig, Kriegel, Ng and Sander 2000; scikit-learn 1.2: LocalOutlierFactor',
  fit: fitOutlierFactor,
};

export const NEIGHBOURS_ALGORITHMS: readonly Algorithm[] = [
  nearestNeighbours,
  neighbourDistance,
  localOutlierFactor,
];
