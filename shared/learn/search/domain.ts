import { exp, log } from '../../core/portable-math.ts';
import type { Choice, Distribution, Parameters, SearchSpace } from './space.ts';

/**
 * A parameter as samplers see it: an interval of one coordinate. The coordinate of a number is its
 * value, or its logarithm; that of a category its place in `choices`. An interval of a grid reaches
 * half a step beyond its first and last value, so that each has an equal share.
 */
export type Domain = {
  name: string;
  when: { parameter: string; in: readonly Choice[] } | null;
  choices: readonly Choice[] | null;
  low: number;
  high: number;
  isLog: boolean;
  /** 0: every number between. */
  step: number;
  first: number;
  last: number;
};

/** Parents come before their children, else the order of the space. */
export function domainsOf(space: SearchSpace): Domain[] {
  const ordered: Domain[] = [];
  const placed = new Set<string>();
  let waiting = Object.keys(space);
  while (waiting.length > 0) {
    const ready = waiting.filter((name) => {
      const parent = space[name].when?.parameter;
      return parent === undefined || placed.has(parent);
    });
    if (ready.length === 0) throw new Error(`No order of parameters: ${waiting.join(', ')}`);
    for (const name of ready) {
      ordered.push(domainOf(name, space[name], space[name].when ?? null));
      placed.add(name);
    }
    waiting = waiting.filter((name) => !placed.has(name));
  }
  return ordered;
}

function domainOf(name: string, distribution: Distribution, when: Domain['when']): Domain {
  if (distribution.type === 'categorical') {
    const { choices } = distribution;
    const last = choices.length - 1;
    return {
      ...{ name, when, choices, isLog: false, step: 1, first: 0, last },
      ...{ low: -0.5, high: last + 0.5 },
    };
  }
  const { low: first, high, log: isLog = false } = distribution;
  const step = distribution.step ?? (distribution.type === 'int' ? 1 : 0);
  const last = step > 0 ? first + Math.floor((high - first) / step + 1e-9) * step : high;
  const ends = [first - step / 2, last + step / 2];
  return {
    ...{ name, when, choices: null, isLog, step, first, last },
    low: isLog ? log(ends[0]) : ends[0],
    high: isLog ? log(ends[1]) : ends[1],
  };
}

/** One value only: nothing to search. */
export const isSingle = (domain: Domain): boolean => domain.first === domain.last;

/** Whether the parameter is there, given its parents. */
export const isActive = (domain: Domain, parameters: Parameters): boolean =>
  domain.when === null || domain.when.in.includes(parameters[domain.when.parameter]);

/** NaN where the parameter is not there, or no value of this domain. */
export function coordinateOf(domain: Domain, value: Choice | undefined): number {
  if (domain.choices !== null) {
    const at = value === undefined ? -1 : domain.choices.indexOf(value);
    return at < 0 ? Number.NaN : at;
  }
  if (typeof value !== 'number') return Number.NaN;
  return domain.isLog ? log(value) : value;
}

/** The value nearest to a coordinate; beyond the ends, the first or the last. */
export function valueAt(domain: Domain, coordinate: number): Choice {
  const { first, last, step, choices } = domain;
  const raw = domain.isLog ? exp(coordinate) : coordinate;
  const near = step > 0 ? first + Math.round((raw - first) / step) * step : raw;
  const value = Math.min(last, Math.max(first, near));
  return choices === null ? value : choices[value];
}

/** Whether it is a value of the domain: of its type, between its ends, on its grid. */
export function contains(domain: Domain, value: Choice): boolean {
  if (domain.choices !== null) return domain.choices.includes(value);
  if (typeof value !== 'number' || !(value >= domain.first && value <= domain.last)) return false;
  if (domain.step === 0) return true;
  const steps = (value - domain.first) / domain.step;
  return Math.abs(steps - Math.round(steps)) < 1e-9;
}

/** Whether the parameters are those that the space asks for, each with one of its values. */
export function isInSpace(space: SearchSpace, parameters: Parameters): boolean {
  const domains = domainsOf(space);
  const expected = domains.filter((domain) => isActive(domain, parameters));
  return (
    Object.keys(parameters).length === expected.length &&
    expected.every(({ name }) => name in parameters) &&
    expected.every((domain) => contains(domain, parameters[domain.name]))
  );
}

/** How many values the domain has; Infinity without a grid. */
export const sizeOf = (domain: Domain): number =>
  domain.step > 0 ? Math.round((domain.last - domain.first) / domain.step) + 1 : Infinity;

/** Coordinate of a place in [0, 1], by which uniform numbers become uniform coordinates. */
export const fromUnit = (domain: Domain, unit: number): number =>
  domain.low + unit * (domain.high - domain.low);

export const toUnit = (domain: Domain, coordinate: number): number =>
  (coordinate - domain.low) / (domain.high - domain.low);

/** Parameters of the places of all domains; those that are not there are left out. */
export function parametersFromUnits(
  domains: readonly Domain[],
  units: ArrayLike<number>,
): Parameters {
  const parameters: Parameters = {};
  domains.forEach((domain, i) => {
    if (!isActive(domain, parameters)) return;
    parameters[domain.name] = valueAt(domain, fromUnit(domain, units[i]));
  });
  return parameters;
}
