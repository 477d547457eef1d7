/** What a model is asked for. */
export type Task = 'regression' | 'binary' | 'multiclass' | 'anomaly' | 'clustering';

export const isClassification = (task: Task): task is 'binary' | 'multiclass' =>
  task === 'binary' || task === 'multiclass';

/**
 * Numbers a prediction has: one for a regression (target units), an anomaly (the higher the
 * stranger) and a clustering (the cluster's number); one probability per class otherwise.
 */
export const outputsOf = (task: Task, classes: number): number =>
  isClassification(task) ? classes : 1;
