import { type Domain, parametersFromUnits } from './domain.ts';
import type { Sampler } from './sampler.ts';

/** Uniform in the coordinates: even over logarithms where the domain says so. */
export const createRandomSampler = (domains: readonly Domain[]): Sampler => ({
  suggest: ({ rng }) => ({
    parameters: parametersFromUnits(
      domains,
      Float64Array.from(domains, () => rng()),
    ),
  }),
});
