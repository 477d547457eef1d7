import type { Rng } from '../../../core/rng.ts';
import { coordinateOf, type Domain, fromUnit, isActive, isSingle, valueAt } from '../domain.ts';
import { groupsOf } from '../groups.ts';
import type { Question, Sampler } from '../sampler.ts';
import type { Parameters } from '../space.ts';
import type { Direction, Trial } from '../trial.ts';
import { ageWeights, leastKernelWidth, TPE_DEFAULTS, type TpeOptions } from './options.ts';
import { createParzen, type Observations, type Parzen } from './parzen.ts';
import { type Split, splitTrials } from './split-trials.ts';

/**
 * Tree-structured Parzen estimator: models where good trials lie and where the others do, and
 * tries the point where the first density is highest against the second. Parameters of a
 * conditional space are modelled in groups that occur together; several objectives make it MOTPE;
 * constraints rank infeasible trials last.
 *
 * Cost of a suggestion: O(trials x parameters x candidates).
 * Source: Bergstra et al. (2011); multivariate: Falkner et al. (2018); several objectives: Ozaki et
 * al. (2020); comparison of the choices: Watanabe (2023). Reference implementation: Optuna 5.0.0
 * (`TPESampler`, group=True).
 */
export function createTpeSampler(
  domains: readonly Domain[],
  directions: readonly Direction[],
  given: Partial<TpeOptions> = {},
): Sampler {
  const options = { ...TPE_DEFAULTS, ...given };
  const isMultivariate = options.isMultivariate ?? directions.length === 1;
  const groups = isMultivariate ? groupsOf(domains) : domains.map((domain) => [domain]);
  return {
    suggest: ({ trials, rng }: Question) => {
      const split = splitOf(trials, directions, options);
      const parameters: Parameters = {};
      for (const group of groups) {
        if (!isActive(group[0], parameters)) continue;
        const point = suggestGroup(group, split, { options, rng });
        group.forEach((domain, i) => {
          parameters[domain.name] = valueAt(domain, point[i]);
        });
      }
      return { parameters };
    },
  };
}

/** Null while there are too few trials for a model. */
function splitOf(
  trials: readonly Trial[],
  directions: readonly Direction[],
  options: TpeOptions,
): Split | null {
  const ended = trials.filter(({ state }) => state === 'complete' || state === 'pruned').length;
  if (ended < Math.max(1, options.startupTrials)) return null;
  const known = options.isConstantLiar ? trials : trials.filter(({ state }) => state !== 'running');
  const size = Math.ceil(options.goodShare * ended);
  const most = directions.length === 1 ? options.mostGood : ended;
  return splitTrials(known, Math.min(size, most), directions);
}

function suggestGroup(
  group: readonly Domain[],
  split: Split | null,
  { options, rng }: { options: TpeOptions; rng: Rng },
): Float64Array {
  const point = Float64Array.from(group, (domain) => domain.first);
  const searched = group.filter((domain) => !isSingle(domain));
  if (searched.length === 0) return point;
  const found =
    split === null
      ? Float64Array.from(searched, (domain) => fromUnit(domain, rng()))
      : seek(searched, split, { options, rng });
  group.forEach((domain, i) => {
    if (!isSingle(domain)) point[i] = found[searched.indexOf(domain)];
  });
  return point;
}

/** The candidate with the highest ratio of good to bad density. */
function seek(
  group: readonly Domain[],
  split: Split,
  { options, rng }: { options: TpeOptions; rng: Rng },
): Float64Array {
  const below = parzenOf(group, split.below, options.priorWeight);
  const above = parzenOf(group, split.above, options.priorWeight);
  const best = new Float64Array(group.length);
  const point = new Float64Array(group.length);
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < options.candidates; i++) {
    below.sample(rng, point);
    const gain = below.logDensity(point) - above.logDensity(point);
    if (i > 0 && !(gain > most)) continue;
    most = gain;
    best.set(point);
  }
  return best;
}

const parzenOf = (
  group: readonly Domain[],
  trials: readonly Trial[],
  priorWeight: number,
): Parzen =>
  createParzen(group, observe(group, trials), { priorWeight, leastWidth: leastKernelWidth });

/** Trials that have all of the group's parameters. */
function observe(group: readonly Domain[], trials: readonly Trial[]): Observations {
  const columns = group.map(() => new Float64Array(trials.length));
  let count = 0;
  for (const { parameters } of trials) {
    let isWhole = true;
    for (let i = 0; i < group.length && isWhole; i++) {
      const at = coordinateOf(group[i], parameters[group[i].name]);
      columns[i][count] = at;
      isWhole = !Number.isNaN(at);
    }
    if (isWhole) count++;
  }
  return {
    coordinates: columns.map((column) => column.subarray(0, count)),
    weights: ageWeights(count),
  };
}
