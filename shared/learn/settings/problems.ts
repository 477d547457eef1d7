import { nearestNames } from './nearest-names.ts';

/** Collects what is wrong with settings, each with the path to it. */
export type Problems = {
  add(path: string, problem: string): void;
  found: string[];
};

export function createProblems(): Problems {
  const found: string[] = [];
  return {
    add: (path, problem) => found.push(path === '' ? problem : `${path}: ${problem}`),
    found,
  };
}

/** An object of settings; null, and told, where it is none. */
export function asObject(
  given: unknown,
  path: string,
  problems: Problems,
): Record<string, unknown> | null {
  if (typeof given === 'object' && given !== null && !Array.isArray(given))
    return given as Record<string, unknown>;
  problems.add(path, `expected an object, found ${shown(given)}`);
  return null;
}

/** Tells of fields that nothing reads, with the names that are most like them. */
export function refuseUnknown(
  given: Readonly<Record<string, unknown>>,
  names: readonly string[],
  { path, what, problems }: { path: string; what: string; problems: Problems },
): void {
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    const near = nearestNames(name, names);
    const hint = near.length === 0 ? 'there is none' : `the nearest are ${near.join(', ')}`;
    problems.add(join(path, name), `${what} has no such setting; ${hint}`);
  }
}

export const join = (path: string, name: string): string =>
  path === '' ? name : `${path}.${name}`;

/** One of some words; undefined, and told, where it is none. */
export function oneOf<T extends string | number | boolean>(
  given: unknown,
  choices: readonly T[],
  { path, problems }: { path: string; problems: Problems },
): T | undefined {
  const known = choices.find((choice) => choice === given);
  if (known === undefined)
    problems.add(path, `expected one of ${choices.join(', ')}, found ${shown(given)}`);
  return known;
}

/** As JSON would say it, cut where it is long. */
export const shown = (value: unknown): string =>
  (value === undefined ? 'nothing' : JSON.stringify(value)).slice(0, 60);
