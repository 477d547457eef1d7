import type { Task } from '../../shared/learn/task.ts';

/** Whether rows tell how well a model tells two classes apart: an area needs rows of both. */
export const canTellClasses = (task: Task, target: Float64Array): boolean =>
  task !== 'binary' || (target.includes(0) && target.includes(1));
