import { assert } from '../../../core/assert.ts';
import type { Rng } from '../../../core/rng.ts';
import { normalLogSurvival } from '../../../stats/distributions/normal.ts';
import { coordinateOf, type Domain, isSingle, parametersFromUnits, toUnit } from '../domain.ts';
import type { Sampler } from '../sampler.ts';
import type { Parameters } from '../space.ts';
import { bestTrial, type Direction, lossesOf, type Trial } from '../trial.ts';
import { climb } from './climb.ts';
import { fitGaussianProcess, type GaussianProcess } from './gaussian-process.ts';
import type { Inputs } from './kernel.ts';
import { logExpectedImprovement } from './log-expected-improvement.ts';

export type GpOptions = {
  startupTrials: number;
  /** Complete trials that the model sees: the best half of these, and the newest. */
  mostTrials: number;
};

const DEFAULTS: GpOptions = { startupTrials: 10, mostTrials: 200 };

/**
 * Bayesian optimisation: a Gaussian process of the loss, and the point of highest log expected
 * improvement. Each constraint has a process of its own, and the chance that it holds is a factor.
 * Running trials stand at what the process expects of them. Categories are equal or not; a
 * parameter that is not there stands in the middle, or is a category of its own. One objective.
 * Cost: a suggestion O(trials^3), about 0.1 s at 100 trials.
 * Source: Jones, Schonlau, Welch (1998); Ament et al. (2023). Reference implementation: Optuna
 * 5.0.0 (`GPSampler`).
 */
export function createGpSampler(
  domains: readonly Domain[],
  directions: readonly Direction[],
  given: Partial<GpOptions> = {},
): Sampler {
  assert(directions.length === 1, 'the Gaussian process has one objective');
  const [direction] = directions;
  const { startupTrials, mostTrials } = { ...DEFAULTS, ...given };
  return {
    suggest: ({ trials, rng }) => {
      const random = (): Float64Array => Float64Array.from(domains, () => rng());
      const complete = trials.filter(({ state }) => state === 'complete');
      if (complete.length < Math.max(2, startupTrials))
        return { parameters: parametersFromUnits(domains, random()) };
      const seen = mostUseful(complete, mostTrials, direction);
      const running = trials.filter(({ state }) => state === 'running');
      const best = bestTrial(seen, direction);
      const worth = acquisition(domains, { seen, running, best, direction });
      const near = best === null ? [] : [unitsOf(domains, best.parameters, rng)];
      const value = (units: Float64Array): number => worth(parametersFromUnits(domains, units));
      return { parameters: parametersFromUnits(domains, climb(value, { near, random, rng })) };
    },
  };
}

function mostUseful(trials: Trial[], most: number, direction: Direction): Trial[] {
  if (trials.length <= most) return trials;
  const loss = (trial: Trial): number => lossesOf(trial, [direction])[0];
  const best = [...trials].sort((a, b) => loss(a) - loss(b)).slice(0, Math.ceil(most / 2));
  const rest = trials.filter((trial) => !best.includes(trial)).slice(best.length - most);
  return [...best, ...rest].sort((a, b) => a.number - b.number);
}

type Known = { seen: Trial[]; running: Trial[]; best: Trial | null; direction: Direction };

/** What trying some parameters is worth, as a logarithm. */
function acquisition(
  domains: readonly Domain[],
  { seen, running, best, direction }: Known,
): (parameters: Parameters) => number {
  const inputs: Inputs = {
    rows: seen.map((trial) => encode(domains, trial.parameters)),
    isCategory: domains.map((domain) => domain.choices !== null),
  };
  const loss = standardise(seen.map((trial) => lossesOf(trial, [direction])[0]));
  const fitted = fitGaussianProcess(inputs, loss.values);
  const process = believing(
    fitted,
    running.map((trial) => encode(domains, trial.parameters)),
  );
  const target = best === null ? null : loss.values[seen.indexOf(best)];
  const limits = constraintsOf(seen, inputs);
  return (parameters) => {
    const point = encode(domains, parameters);
    let worth = target === null ? 0 : logExpectedImprovement(process.posterior(point), target);
    for (const { model, limit } of limits) {
      const { mean, variance } = model.posterior(point);
      worth += normalLogSurvival((mean - limit) / Math.sqrt(variance + 1e-12));
    }
    return worth;
  };
}

/** Adds running trials one by one with the loss that the process expects of them. */
const believing = (process: GaussianProcess, rows: readonly Float64Array[]): GaussianProcess =>
  rows.reduce((model, row) => model.extended([row], [model.posterior(row).mean]), process);

/** A process of each constraint, and the standardised value that 0 stands for. */
function constraintsOf(seen: Trial[], inputs: Inputs): { model: GaussianProcess; limit: number }[] {
  const count = Math.min(...seen.map((trial) => trial.constraints?.length ?? 0));
  return Array.from({ length: count }, (_, i) => {
    const { values, mean, deviation } = standardise(
      seen.map((trial) => trial.constraints?.[i] ?? 0),
    );
    return { model: fitGaussianProcess(inputs, values), limit: -mean / deviation };
  });
}

function standardise(raw: readonly number[]): {
  values: Float64Array;
  mean: number;
  deviation: number;
} {
  const mean = raw.reduce((sum, value) => sum + value, 0) / raw.length;
  const variance =
    raw.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / raw.length;
  const deviation = variance > 0 ? Math.sqrt(variance) : 1;
  return { values: Float64Array.from(raw, (value) => (value - mean) / deviation), mean, deviation };
}

function encode(domains: readonly Domain[], parameters: Parameters): Float64Array {
  return Float64Array.from(domains, (domain) => {
    const at = coordinateOf(domain, parameters[domain.name]);
    if (domain.choices !== null) return Number.isNaN(at) ? -1 : at;
    return Number.isNaN(at) || isSingle(domain) ? 0.5 : toUnit(domain, at);
  });
}

/** Places of the parameters; of those that are not there, anywhere. */
function unitsOf(domains: readonly Domain[], parameters: Parameters, rng: Rng): Float64Array {
  return Float64Array.from(domains, (domain) => {
    const at = coordinateOf(domain, parameters[domain.name]);
    return Number.isNaN(at) || isSingle(domain) ? rng() : toUnit(domain, at);
  });
}
