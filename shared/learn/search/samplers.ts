import { unreachable } from '../../core/assert.ts';
import { createCmaSampler } from './cma/cma-sampler.ts';
import type { CmaOptions } from './cma/evolution.ts';
import type { Domain } from './domain.ts';
import { createGpSampler, type GpOptions } from './gp/gp-sampler.ts';
import { createGridSampler, type GridOptions } from './grid-sampler.ts';
import { createNsgaSampler, type NsgaOptions } from './nsga/nsga-sampler.ts';
import { createRandomSampler } from './random-sampler.ts';
import type { Sampler } from './sampler.ts';
import { createSobolSampler, type SobolOptions } from './sobol/sobol-sampler.ts';
import type { TpeOptions } from './tpe/options.ts';
import { createTpeSampler } from './tpe/tpe-sampler.ts';
import type { Direction } from './trial.ts';

/** TPE with several objectives is MOTPE. CMA-ES and GP have one objective. */
export type SamplerOptions =
  | ({ type: 'tpe' } & Partial<TpeOptions>)
  | ({ type: 'cma-es' } & Partial<CmaOptions>)
  | ({ type: 'gp' } & Partial<GpOptions>)
  | ({ type: 'nsga-ii' } & Partial<NsgaOptions>)
  | ({ type: 'sobol' } & Partial<SobolOptions>)
  | ({ type: 'grid' } & Partial<GridOptions>)
  | { type: 'random' };

type Asked = { sampler: SamplerOptions; directions: readonly Direction[]; seed: number };

export function createSampler(domains: readonly Domain[], asked: Asked): Sampler {
  const { sampler, directions, seed } = asked;
  switch (sampler.type) {
    case 'tpe':
      return createTpeSampler(domains, directions, sampler);
    case 'cma-es':
      return createCmaSampler(domains, directions, sampler);
    case 'gp':
      return createGpSampler(domains, directions, sampler);
    case 'nsga-ii':
      return createNsgaSampler(domains, directions, sampler);
    case 'sobol':
      return createSobolSampler(domains, seed, sampler);
    case 'grid':
      return createGridSampler(domains, sampler);
    case 'random':
      return createRandomSampler(domains);
    default:
      return unreachable(sampler);
  }
}
