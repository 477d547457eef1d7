import type { Declaration } from '../contracts/declaration.ts';
import { createRng } from '../core/rng.ts';
import type { Algorithm } from '../learn/algorithm.ts';
import { ALGORITHMS, findAlgorithm } from '../learn/catalogue.ts';
import { domainsOf } from '../learn/search/domain.ts';
import { firstOutside } from '../learn/target-range.ts';
import { nearbyParameters } from './nearby-parameters.ts';
import type { Candidate } from './training-state.ts';

/** Parameter sets of each algorithm where a declaration names no number. */
const DEFAULT_TRIALS = 4;

type Searched = Pick<Declaration, 'task' | 'search'>;

/**
 * What is compared: of each declared algorithm its defaults, then parameters near them: so few sets that
 * are spread over the whole search space are mostly far from any that are good, and dear. They are laid
 * out beforehand, so that a training stops and goes on anywhere.
 * @param declaration without `algorithmProblems`
 */
export function candidatesOf({ task, search }: Searched, seed: number): Candidate[] {
  const trials = search.trials ?? DEFAULT_TRIALS;
  return [...new Set(search.algorithms)].flatMap((name) => {
    const algorithm = findAlgorithm(name, task.type);
    if (!algorithm) throw new Error(`Broken invariant: no ${name} for ${task.type}`);
    return [
      { algorithm: name, parameters: algorithm.defaults },
      ...searchedSets(algorithm, trials - 1, seed),
    ];
  });
}

function searchedSets(
  { name, space, defaults }: Algorithm,
  count: number,
  seed: number,
): Candidate[] {
  const domains = domainsOf(space);
  if (domains.length === 0) return [];
  const rng = createRng(seed);
  return Array.from({ length: count }, () => {
    const searched = nearbyParameters(domains, defaults, rng);
    return { algorithm: name, parameters: { ...defaults, ...searched } };
  });
}

/** Declared algorithms that cannot train this use case, one sentence each. */
export function algorithmProblems({ task, search }: Searched): string[] {
  const usable = ALGORITHMS.filter(
    ({ tasks, isExported }) => isExported && tasks.includes(task.type),
  );
  return search.algorithms.flatMap((name) => {
    if (usable.some((algorithm) => algorithm.name === name)) return [];
    const known = ALGORITHMS.filter((algorithm) => algorithm.name === name);
    const why =
      known.length === 0
        ? `there is no algorithm "${name}"`
        : known.some(({ tasks }) => tasks.includes(task.type))
          ? `${name} has no ONNX graph, and a version is one`
          : `${name} does not learn a ${task.type} task`;
    const names = [...new Set(usable.map((algorithm) => algorithm.name))].join(', ');
    return [`search.algorithms: ${why}. There are: ${names}.`];
  });
}

/** Declared algorithms that cannot learn from these targets, one sentence each. */
export function targetProblems({ task, search }: Searched, target: Float64Array): string[] {
  return search.algorithms.flatMap((name) => {
    const algorithm = findAlgorithm(name, task.type);
    const outside = algorithm && firstOutside(algorithm, target);
    if (!outside) return [];
    const wanted = algorithm.targetRange === 'positive' ? 'above 0' : 'of at least 0';
    return [`${name} needs targets ${wanted}, and one is ${outside.value}.`];
  });
}
