import type { Rng } from '../../../core/rng.ts';
import { coordinateOf, type Domain, fromUnit, isActive, toUnit, valueAt } from '../domain.ts';
import type { Sampler } from '../sampler.ts';
import type { Parameters } from '../space.ts';
import type { Direction, Trial } from '../trial.ts';
import { beats, selectElite } from './selection.ts';
import { crossCoordinates, mutateCoordinate } from './variation.ts';

export type NsgaOptions = {
  /** Default: 16 for one objective, 50 for several. */
  populationSize: number;
  /** Chance that a child has two parents and not one. */
  crossoverRate: number;
  /** How near children stay to their parents, from 0 (far) on. */
  crossoverIndex: number;
  /** Chance that a parameter mutates; default: one over the number of parameters. */
  mutationRate?: number;
  /** How near a mutant stays, from 0 (anywhere) on. */
  mutationIndex: number;
};

const DEFAULTS = { crossoverRate: 0.9, crossoverIndex: 2, mutationIndex: 2 };

/**
 * NSGA-II: the elite of each generation, by rank of domination and then by crowding, are parents
 * of the next; parents win a tournament of two; numbers cross by simulated binary crossover and
 * mutate by polynomial mutation, categories are swapped and drawn anew. A child's parameter that
 * its parents do not have is random.
 * Cost: a generation O(population^2 objectives), a suggestion O(parameters).
 * Source: Deb et al. (2002), real-coded. Reference implementation for selection: Optuna 5.0.0
 * (`NSGAIISampler`), which crosses by swapping and has populations of 50.
 */
export function createNsgaSampler(
  domains: readonly Domain[],
  directions: readonly Direction[],
  given: Partial<NsgaOptions> = {},
): Sampler {
  const populationSize = directions.length === 1 ? 16 : 50;
  const options = { ...DEFAULTS, populationSize, ...given };
  const parentsOf = createAncestry(directions, options.populationSize);
  return {
    suggest: ({ trials, rng }) => {
      const generation = currentGeneration(trials, options.populationSize);
      const parents = parentsOf(trials, generation);
      const mutationRate = options.mutationRate ?? 1 / domains.length;
      const pair = parents.length === 0 ? [] : choosePair(parents, { directions, options, rng });
      const parameters: Parameters = {};
      for (const domain of domains) {
        if (!isActive(domain, parameters)) continue;
        const own = inherit(domain, pair, { options, rng });
        const at =
          own === null || rng() < mutationRate ? mutate(domain, own, { options, rng }) : own;
        parameters[domain.name] = valueAt(domain, fromUnit(domain, at));
      }
      return { parameters, generation };
    },
  };
}

/** The newest generation, or the next when as many as make a population are complete. */
function currentGeneration(trials: readonly Trial[], populationSize: number): number {
  let newest = 0;
  for (const trial of trials) newest = Math.max(newest, trial.generation ?? 0);
  return populationOf(trials, newest).length < populationSize ? newest : newest + 1;
}

/** Complete trials of a generation in the order they ended, which a later end does not change. */
const populationOf = (trials: readonly Trial[], generation: number): Trial[] =>
  trials
    .filter((trial) => trial.state === 'complete' && (trial.generation ?? 0) === generation)
    .sort((a, b) => (a.endedAfter ?? 0) - (b.endedAfter ?? 0));

/** Parents by generation; computed once for each, in order. */
function createAncestry(directions: readonly Direction[], populationSize: number) {
  const known: Trial[][] = [[]];
  return (trials: readonly Trial[], generation: number): readonly Trial[] => {
    for (let next = known.length; next <= generation; next++) {
      const population = populationOf(trials, next - 1).slice(0, populationSize);
      known.push(selectElite([...population, ...known[next - 1]], populationSize, directions));
    }
    return known[generation];
  };
}

type Choosing = { directions: readonly Direction[]; options: NsgaOptions; rng: Rng };

function choosePair(parents: readonly Trial[], { directions, options, rng }: Choosing): Trial[] {
  const one = (): Trial => parents[Math.floor(rng() * parents.length)];
  const winner = (): Trial => {
    const [a, b] = [one(), one()];
    return beats(a, b, directions) ? a : b;
  };
  if (rng() >= options.crossoverRate) return [one()];
  const first = winner();
  let second = winner();
  for (let tries = 0; second === first && tries < parents.length; tries++) second = winner();
  return [first, second];
}

type Varying = { options: NsgaOptions; rng: Rng };

/** A place in [0, 1]; null where no parent has the parameter. */
function inherit(domain: Domain, pair: readonly Trial[], { options, rng }: Varying): number | null {
  const places = pair
    .map((trial) => toUnit(domain, coordinateOf(domain, trial.parameters[domain.name])))
    .filter((place) => !Number.isNaN(place));
  if (places.length === 0) return null;
  const [first, second = first] = places;
  if (domain.choices !== null) return rng() < 0.5 ? first : second;
  return crossCoordinates([first, second], { index: options.crossoverIndex, rng });
}

function mutate(domain: Domain, place: number | null, { options, rng }: Varying): number {
  if (place === null || domain.choices !== null) return rng();
  return mutateCoordinate(place, { index: options.mutationIndex, rng });
}
