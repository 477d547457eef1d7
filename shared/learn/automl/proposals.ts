import { createRng, normal, type Rng } from '../../core/rng.ts';
import type { Recipe } from '../../prepare/preparation.ts';
import type { Algorithm } from '../algorithm.ts';
import type { PipelineData } from '../pipeline-data.ts';
import {
  coordinateOf,
  type Domain,
  domainsOf,
  parametersFromUnits,
  toUnit,
} from '../search/domain.ts';
import type { Parameters } from '../search/space.ts';
import type { Candidate, Evaluation } from './cross-validate.ts';
import { recipeVariants } from './recipe-variants.ts';

/** Proposes what to try next from what was tried. */
export type Proposals = { next(evaluations: readonly Evaluation[]): Candidate };

type Searched = { algorithm: Algorithm; domains: Domain[]; recipes: Recipe[] };

/** Share of proposals that prepare the table otherwise than the algorithm asks for. */
const RECIPE_SHARE = 0.25;

/** Share of proposals that are drawn anew; the others change a good one a little. */
const FRESH_SHARE = 0.4;
/** Standard deviation of a change, in widths of the domain (the logarithm's where it is one). */
const CHANGE = 0.2;
/** Best configurations of an algorithm that are changed. */
const PARENTS = 3;
/** How much less often each algorithm is drawn than the next better one. */
const DECAY = 0.6;

/**
 * Draws an algorithm, the better ones more often, then its parameters, anew or near one of its best, and
 * how the table is prepared for it.
 * An algorithm that nobody has seen yet counts as the worst. Deterministic in the seed and in the
 * order of the evaluations.
 */
export function createProposals(
  algorithms: readonly Algorithm[],
  { data, seed }: { data: PipelineData; seed: number },
): Proposals {
  const rng = createRng(seed);
  const searched = algorithms
    .map((algorithm) => ({
      algorithm,
      domains: domainsOf(algorithm.space),
      recipes: recipeVariants(algorithm, data),
    }))
    .filter(({ domains }) => domains.length > 0);
  return {
    next(evaluations) {
      const { algorithm, domains, recipes } = draw(ranked(searched, evaluations), rng);
      const own = evaluations.filter(({ candidate }) => candidate.algorithm === algorithm.name);
      const isFresh = own.length === 0 || rng() < FRESH_SHARE;
      const parent = own[Math.floor(rng() * Math.min(PARENTS, own.length))];
      const units = isFresh
        ? domains.map(rng)
        : changed(domains, { ...algorithm.defaults, ...parent.candidate.parameters }, rng);
      const parameters = parametersFromUnits(domains, units);
      return { algorithm: algorithm.name, parameters, recipe: recipeFrom(own, recipes, rng), seed };
    },
  };
}

/** Mostly that of the algorithm's best so far, now and then another. */
function recipeFrom(
  own: readonly Evaluation[],
  recipes: readonly Recipe[],
  rng: Rng,
): Recipe | null {
  if (rng() < RECIPE_SHARE && recipes.length > 0)
    return recipes[Math.floor(rng() * recipes.length)];
  return own[0]?.candidate.recipe ?? null;
}

/** Algorithms by their best evaluation; `evaluations` are in that order already. */
function ranked(searched: readonly Searched[], evaluations: readonly Evaluation[]): Searched[] {
  const names = [...new Set(evaluations.map(({ candidate }) => candidate.algorithm))];
  const rank = ({ algorithm }: Searched) => {
    const at = names.indexOf(algorithm.name);
    return at < 0 ? names.length : at;
  };
  return [...searched].sort((a, b) => rank(a) - rank(b));
}

function draw(searched: readonly Searched[], rng: Rng): Searched {
  if (searched.length === 0) throw new Error('Broken invariant: no algorithm has parameters');
  let at = 0;
  while (rng() > 1 - DECAY) at++;
  return searched[at % searched.length];
}

/** Each parameter is kept or moved by a normal step; steps beyond an end stay at it. */
function changed(domains: readonly Domain[], parameters: Parameters, rng: Rng): number[] {
  return domains.map((domain) => {
    const unit = toUnit(domain, coordinateOf(domain, parameters[domain.name]));
    if (!Number.isFinite(unit)) return rng();
    if (domain.choices !== null) return rng() < 0.2 ? rng() : unit;
    return Math.min(1, Math.max(0, unit + CHANGE * normal(rng)));
  });
}
