import type { Algorithm } from '../algorithm.ts';
import type { PipelineData } from '../pipeline-data.ts';
import type { Parameters } from '../search/space.ts';
import type { Candidate } from './cross-validate.ts';
import { recipeVariants } from './recipe-variants.ts';

/** Configurations that did well on many tables and differ from each other, most useful first. */
const STRONG: readonly (readonly [algorithm: string, parameters: Parameters])[] = [
  ['hist-gradient-boosting', {}],
  ['logistic-regression', {}],
  ['ridge', {}],
  ['hist-gradient-boosting', { learningRate: 0.05, maxIter: 300, maxLeafNodes: 15 }],
  ['extra-trees', {}],
  ['random-forest', {}],
  ['hist-gradient-boosting', { learningRate: 0.03, maxIter: 800, maxLeafNodes: 31 }],
  ['hist-gradient-boosting', { learningRate: 0.05, maxIter: 300, maxLeafNodes: 6 }],
  ['explainable-boosting', {}],
  ['random-forest', { minSamplesLeaf: 5, maxFeatures: 0.5 }],
  ['hist-gradient-boosting', { learningRate: 0.03, maxIter: 600, maxLeafNodes: 63 }],
  ['kernel-svc', {}],
  ['kernel-svr', {}],
  ['nearest-neighbours', {}],
];

/** Cheap algorithms that gain most from columns of another shape: tried in every preparation. */
const LINEAR = ['logistic-regression', 'ridge'];
/** Configurations that go before those. */
const EARLY = 6;

/**
 * Fewest multiply-adds first would try every toy before the first strong model; this orders by
 * usefulness and leaves out what would cost more than the whole portfolio's share.
 */
const DEAREST = 3e11;

/** What is tried before the search begins: the strong configurations, then every other default. */
export function portfolioOf(
  algorithms: readonly Algorithm[],
  { data, seed }: { data: PipelineData; seed: number },
): Candidate[] {
  const { rows, columns } = data.table;
  const isAffordable = ({ cost }: Algorithm) => cost(rows, columns.length) <= DEAREST;
  const byName = new Map(algorithms.map((algorithm) => [algorithm.name, algorithm]));
  const strong = STRONG.filter(([name]) => {
    const algorithm = byName.get(name);
    return algorithm !== undefined && isAffordable(algorithm);
  });
  const named = new Set(strong.map(([name]) => name));
  const others = algorithms
    .filter((algorithm) => !named.has(algorithm.name) && isAffordable(algorithm))
    .sort((a, b) => a.cost(rows, columns.length) - b.cost(rows, columns.length));
  const configured = [...strong, ...others.map(({ name }) => [name, {}] as const)].map(
    ([algorithm, parameters]): Candidate => ({ algorithm, parameters, recipe: null, seed }),
  );
  const prepared = LINEAR.flatMap((name) => {
    const algorithm = byName.get(name);
    if (algorithm === undefined) return [];
    return recipeVariants(algorithm, data).map(
      (recipe): Candidate => ({ algorithm: name, parameters: {}, recipe, seed }),
    );
  });
  return [...configured.slice(0, EARLY), ...prepared, ...configured.slice(EARLY)];
}
