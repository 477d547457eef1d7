import type { Task } from '../../shared/learn/task.ts';

/** Whether rows tell how well a model tells two classes apart: an area needs rows of both. */
export const canTellClasses = (task: Task, target: Float64Array): boolean =>
  task !== 'binary' || (target.includes(0) && target.includes(1));

export const oneClass = (path: string): string =>
  `All rows of ${path} are of one class, by which no model can be measured: name rows of both.`;
