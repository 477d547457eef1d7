import type { Profile } from '../../contracts/profile.ts';

/** Name and amount of what an application counted: the detail of a `track` incident. */
export type Tracked = { name: string; amount: number };

/**
 * Reads the detail of a `track` incident, a JSON object with `name` and, where it counts more than once, `value`.
 * @returns null for a detail that was cut off before its name, or is none
 */
export function trackedOf(detail: string): Tracked | null {
  const fields = parse(detail);
  const name = fields?.['name'];
  if (typeof name !== 'string') return null;
  const value = fields?.['value'];
  return { name, amount: typeof value === 'number' && Number.isFinite(value) ? value : 1 };
}

/** A detail is cut at its longest: then its name, which comes first, is all that is left. */
function parse(detail: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(detail);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    const name = /^\{"name":"([A-Za-z_][A-Za-z0-9_]*)"/.exec(detail);
    return name ? { name: name[1] } : null;
  }
}

/** Counts it in place. The names are for the caller to bound. */
export function addTracked(profile: Profile, { name, amount }: Tracked): void {
  const sums = profile.business[name] ?? { n: 0, sum: 0, sumSquares: 0 };
  profile.business[name] = {
    n: sums.n + 1,
    sum: sums.sum + amount,
    sumSquares: sums.sumSquares + amount * amount,
  };
}
