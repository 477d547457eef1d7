import { createRng } from '../../../core/rng.ts';
import { type Domain, parametersFromUnits } from '../domain.ts';
import type { Sampler } from '../sampler.ts';
import { trialSeed } from '../trial-seed.ts';
import { createSobolSequence, MOST_DIMENSIONS } from './sobol-sequence.ts';

export type SobolOptions = { isScrambled: boolean };

/**
 * Trial n gets point n of a Sobol sequence over all parameters; those that are not there leave
 * their coordinate unused. Unscrambled, the first trial is the lowest corner. Parameters beyond
 * the sixty-fourth are random.
 */
export function createSobolSampler(
  domains: readonly Domain[],
  seed: number,
  { isScrambled = true }: Partial<SobolOptions> = {},
): Sampler {
  const dimensions = Math.min(domains.length, MOST_DIMENSIONS);
  const scramble = isScrambled ? createRng(trialSeed(seed, -1)) : null;
  const sequence = createSobolSequence(dimensions, scramble);
  return {
    suggest: ({ number, rng }) => {
      const point = sequence(number);
      const units = Float64Array.from(domains, (_, i) => (i < dimensions ? point[i] : rng()));
      return { parameters: parametersFromUnits(domains, units) };
    },
  };
}
