import { assert } from '../../../core/assert.ts';
import type { Rng } from '../../../core/rng.ts';
import { coordinateOf, type Domain, isSingle, parametersFromUnits, toUnit } from '../domain.ts';
import type { Sampler } from '../sampler.ts';
import { type Direction, lossesOf, type Trial, violationOf } from '../trial.ts';
import {
  advance,
  type CmaOptions,
  createEvolution,
  type Evolution,
  samplePoint,
} from './evolution.ts';

const RESAMPLINGS_PER_DIMENSION = 10;

/**
 * CMA-ES over the numbers, each in units of its domain; the first trial is random, the mean starts
 * in the middle with a sixth of the domain as deviation (Optuna's defaults). Points outside the
 * domain are drawn again, at last clipped. Categories are random. A number that a trial does not
 * have stands at the mean, so that it moves nothing. One objective; a violated constraint is worse
 * than any loss.
 * Source: Hansen (2016). Reference implementation: Optuna 5.0.0 (`CmaEsSampler`).
 */
export function createCmaSampler(
  domains: readonly Domain[],
  directions: readonly Direction[],
  options: Partial<CmaOptions> = {},
): Sampler {
  assert(directions.length === 1, 'CMA-ES has one objective');
  const numbers = domains.filter((domain) => domain.choices === null && !isSingle(domain));
  const evolution = createEvolution(new Float64Array(numbers.length).fill(0.5), options);
  return {
    suggest: ({ trials, number, rng }) => {
      const units = Float64Array.from(domains, () => rng());
      if (numbers.length === 0 || number === 0)
        return { parameters: parametersFromUnits(domains, units) };
      catchUp(evolution, trials, { numbers, direction: directions[0] });
      const point = sampleInside(evolution, rng);
      domains.forEach((domain, i) => {
        const at = numbers.indexOf(domain);
        if (at >= 0) units[i] = point[at];
      });
      return {
        parameters: parametersFromUnits(domains, units),
        generation: evolution.generation,
      };
    },
  };
}

type Reading = { numbers: readonly Domain[]; direction: Direction };

/** Updates by every generation that is complete, each by those of its trials that ended first. */
function catchUp(evolution: Evolution, trials: readonly Trial[], reading: Reading): void {
  while (true) {
    const members = trials
      .filter((trial) => trial.state === 'complete' && trial.generation === evolution.generation)
      .sort((a, b) => (a.endedAfter ?? 0) - (b.endedAfter ?? 0))
      .slice(0, evolution.populationSize);
    if (members.length < evolution.populationSize) return;
    const ranked = bestFirst(members, reading.direction);
    advance(
      evolution,
      ranked.map((trial, rank) => ({ point: pointOf(trial, evolution, reading), loss: rank })),
    );
  }
}

function bestFirst(trials: readonly Trial[], direction: Direction): Trial[] {
  const loss = (trial: Trial): number => lossesOf(trial, [direction])[0];
  return [...trials].sort((a, b) => violationOf(a) - violationOf(b) || loss(a) - loss(b));
}

function pointOf(trial: Trial, evolution: Evolution, { numbers }: Reading): Float64Array {
  return Float64Array.from(numbers, (domain, i) => {
    const at = toUnit(domain, coordinateOf(domain, trial.parameters[domain.name]));
    return Number.isNaN(at) ? evolution.mean[i] : at;
  });
}

function sampleInside(evolution: Evolution, rng: Rng): Float64Array {
  let point = samplePoint(evolution, rng);
  for (let tries = 0; tries < RESAMPLINGS_PER_DIMENSION * point.length; tries++) {
    if (point.every((value) => value >= 0 && value <= 1)) return point;
    point = samplePoint(evolution, rng);
  }
  return point.map((value) => Math.min(1, Math.max(0, value)));
}
