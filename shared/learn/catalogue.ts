import { ADDITIVE_ALGORITHMS } from './additive/algorithms.ts';
import type { Algorithm } from './algorithm.ts';
import { ANOMALY_ALGORITHMS } from './anomaly/algorithms.ts';
import { BASELINE_ALGORITHMS } from './baseline/algorithms.ts';
import { BAYES_ALGORITHMS } from './bayes/algorithms.ts';
import { BOOSTING_ALGORITHMS } from './boosting/algorithms.ts';
import { CLUSTER_ALGORITHMS } from './cluster/algorithms.ts';
import { DISCRIMINANT_ALGORITHMS } from './discriminant/algorithms.ts';
import { FOREST_ALGORITHMS } from './forest/algorithms.ts';
import { LINEAR_ALGORITHMS } from './linear/algorithms.ts';
import { NEIGHBOURS_ALGORITHMS } from './neighbours/algorithms.ts';
import { NETWORK_ALGORITHMS } from './network/algorithms.ts';
import { ONLINE_ALGORITHMS } from './online/algorithms.ts';
import { SVM_ALGORITHMS } from './svm/algorithms.ts';
import type { Task } from './task.ts';
import { TREE_ALGORITHMS } from './trees/algorithms.ts';

/** Every algorithm that `fit` accepts: one line per family. */
export const ALGORITHMS: readonly Algorithm[] = [
  ...BASELINE_ALGORITHMS,
  ...BOOSTING_ALGORITHMS,
  ...ADDITIVE_ALGORITHMS,
  ...TREE_ALGORITHMS,
  ...FOREST_ALGORITHMS,
  ...NEIGHBOURS_ALGORITHMS,
  ...ANOMALY_ALGORITHMS,
  ...CLUSTER_ALGORITHMS,
  ...LINEAR_ALGORITHMS,
  ...BAYES_ALGORITHMS,
  ...DISCRIMINANT_ALGORITHMS,
  ...SVM_ALGORITHMS,
  ...ONLINE_ALGORITHMS,
  ...NETWORK_ALGORITHMS,
];

/** The algorithm of that name that does the task, or undefined. */
export const findAlgorithm = (name: string, task: Task): Algorithm | undefined =>
  ALGORITHMS.find((algorithm) => algorithm.name === name && algorithm.tasks.includes(task));
