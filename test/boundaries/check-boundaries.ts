import { posix } from 'node:path';
import { importsOf } from './imports-of.ts';
import { EXCEPTIONS, MATRIX, REACHES_OUT, type Room } from './matrix.ts';

/** Text by path from the repository's root. */
export type Sources = ReadonlyMap<string, string>;

/** Every import that the matrix forbids, as `a -> b: reason`. */
export function findViolations(sources: Sources): string[] {
  const violations: string[] = [];
  for (const [path, text] of sources) {
    const room = roomOf(path);
    if (!room) {
      violations.push(`${path} -> nowhere: it belongs to no room of the matrix`);
      continue;
    }
    for (const { specifier } of importsOf(path, text)) {
      const reason = refusal(path, room, specifier);
      if (reason) violations.push(`${path} -> ${reason.to}: ${reason.why}`);
    }
  }
  return violations;
}

/** Tests stand beside what they test but may import anything, as the room `test` may. */
export const isTestFile = (path: string): boolean => /\.test\.ts$/.test(path);

function roomOf(path: string): Room | null {
  if (isTestFile(path)) return MATRIX.find(({ name }) => name === 'test') ?? null;
  let best: { room: Room; length: number } | null = null;
  for (const room of MATRIX) {
    for (const prefix of room.paths) {
      if (path.startsWith(prefix) && prefix.length > (best?.length ?? 0)) {
        best = { room, length: prefix.length };
      }
    }
  }
  return best?.room ?? null;
}

type Refusal = { to: string; why: string } | null;

function refusal(path: string, room: Room, specifier: string): Refusal {
  if (specifier.startsWith('.')) return relativeRefusal(path, room, specifier);
  if (room.packages.some((allowed) => matches(specifier, allowed))) return null;
  return { to: specifier, why: `${room.name} may not import this package` };
}

const matches = (specifier: string, allowed: string): boolean =>
  allowed.endsWith('*') ? specifier.startsWith(allowed.slice(0, -1)) : specifier === allowed;

function relativeRefusal(path: string, room: Room, specifier: string): Refusal {
  const to = resolveRelative(path, specifier);
  if (!/\.[a-z0-9]+$/.test(to))
    return { to, why: 'a relative import names its file, ending and all' };
  if (to.startsWith('../')) {
    return path.startsWith(REACHES_OUT)
      ? null
      : { to, why: `only ${REACHES_OUT} reads beside the checkout` };
  }
  if (isTestFile(to)) return { to, why: 'nothing imports a test' };
  const target = roomOf(to);
  if (!target) return { to, why: 'the target belongs to no room of the matrix' };
  if (target === room || reachable(room).has(target.name) || isException(path, to)) return null;
  if (target.name === 'test') return { to, why: 'nothing imports test' };
  return { to, why: `${room.name} may not import ${target.name}` };
}

/** Where a relative specifier points, from the repository's root, without Vite's `?query`. */
export const resolveRelative = (from: string, specifier: string): string =>
  posix.normalize(posix.join(posix.dirname(from), specifier.replace(/\?.*$/, '')));

const isException = (from: string, to: string): boolean =>
  EXCEPTIONS.some((exception) => from.startsWith(exception.from) && to === exception.to);

const reached = new Map<string, ReadonlySet<string>>();

/** The rooms a room may import, and all that those may. */
function reachable(room: Room): ReadonlySet<string> {
  const known = reached.get(room.name);
  if (known) return known;
  const names = new Set<string>();
  const add = (name: string): void => {
    if (names.has(name)) return;
    names.add(name);
    for (const next of MATRIX.find((other) => other.name === name)?.rooms ?? []) add(next);
  };
  for (const name of room.rooms) {
    if (name === '*') for (const every of MATRIX) add(every.name);
    else add(name);
  }
  reached.set(room.name, names);
  return names;
}
