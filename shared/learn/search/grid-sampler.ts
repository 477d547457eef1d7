import { type Domain, fromUnit, isActive, sizeOf, valueAt } from './domain.ts';
import type { Sampler } from './sampler.ts';
import type { Choice, Parameters } from './space.ts';

export type GridOptions = {
  /** Values of an interval, or of a grid that has more. */
  pointsPerParameter: number;
};

/**
 * Every combination, the last parameter fastest, and from the start again when all are tried.
 * Combinations that differ only in parameters that are not there are one. Intervals are cut
 * evenly, ends included.
 */
export function createGridSampler(
  domains: readonly Domain[],
  { pointsPerParameter = 5 }: Partial<GridOptions> = {},
): Sampler {
  const values = domains.map((domain) => gridOf(domain, pointsPerParameter));
  const size = countFrom(domains, values, { at: 0, chosen: {} });
  return {
    suggest: ({ number }) => ({ parameters: combination(domains, values, number % size) }),
  };
}

/** How many combinations there are. */
export const gridSize = (domains: readonly Domain[], pointsPerParameter = 5): number =>
  countFrom(
    domains,
    domains.map((domain) => gridOf(domain, pointsPerParameter)),
    { at: 0, chosen: {} },
  );

function gridOf(domain: Domain, points: number): Choice[] {
  const size = sizeOf(domain);
  if (size <= points || domain.choices !== null)
    return Array.from({ length: size }, (_, i) =>
      domain.choices === null ? domain.first + i * domain.step : domain.choices[i],
    );
  if (points === 1) return [valueAt(domain, fromUnit(domain, 0.5))];
  return Array.from({ length: points }, (_, i) =>
    valueAt(domain, fromUnit(domain, i / (points - 1))),
  );
}

type Place = { at: number; chosen: Parameters };

function countFrom(domains: readonly Domain[], values: Choice[][], { at, chosen }: Place): number {
  if (at === domains.length) return 1;
  const { name } = domains[at];
  if (!isActive(domains[at], chosen)) return countFrom(domains, values, { at: at + 1, chosen });
  const isParent = domains.some((domain) => domain.when?.parameter === name);
  const branch = (value: Choice): number =>
    countFrom(domains, values, { at: at + 1, chosen: { ...chosen, [name]: value } });
  if (!isParent) return values[at].length * branch(values[at][0]);
  return values[at].reduce((sum: number, value) => sum + branch(value), 0);
}

function combination(domains: readonly Domain[], values: Choice[][], number: number): Parameters {
  const chosen: Parameters = {};
  let left = number;
  domains.forEach((domain, at) => {
    if (!isActive(domain, chosen)) return;
    for (const value of values[at]) {
      chosen[domain.name] = value;
      const below = countFrom(domains, values, { at: at + 1, chosen });
      if (left < below) return;
      left -= below;
    }
  });
  return chosen;
}
