import type { Algorithm } from '../../shared/learn/algorithm.ts';
import { ALGORITHMS, findAlgorithm } from '../../shared/learn/catalogue.ts';
import type { Task } from '../../shared/learn/task.ts';

/** The catalogue, and what tfjs trains: a quarter of a second to load, so only when it is asked for. */
export async function knownAlgorithms(): Promise<readonly Algorithm[]> {
  const { loadNeuralAlgorithms } = await import('./neural-algorithms.ts');
  return [...ALGORITHMS, ...(await loadNeuralAlgorithms())];
}

/** The algorithm of that name that does the task, ready to fit, or undefined. */
export async function findKnownAlgorithm(name: string, task: Task): Promise<Algorithm | undefined> {
  const isIt = (other: Algorithm) => other.name === name && other.tasks.includes(task);
  return findAlgorithm(name, task) ?? (await knownAlgorithms()).find(isIt);
}

/** Names of those that do a task, for who asked for another. */
export async function algorithmNames(task: Task): Promise<string[]> {
  const known = await knownAlgorithms();
  return known.filter(({ tasks }) => tasks.includes(task)).map(({ name }) => name);
}

/** The same bytes from the same seed on every machine: what tfjs computes depends on its backend. */
export const isDeterministic = (algorithm: Algorithm): boolean => ALGORITHMS.includes(algorithm);
