import type {
  Bins,
  CategoryProfile,
  ColumnProfile,
  NumberProfile,
} from '../../contracts/profile.ts';
import { assert } from '../../core/assert.ts';
import { mergeSums, originOf, sumsOf } from './number-sums.ts';

/** An empty profile over given bins; the bins are kept by reference, so profiles of one reference share them. */
export function createColumnProfile(bins: {
  type: 'number';
  edges: readonly number[];
}): NumberProfile;
export function createColumnProfile(bins: Bins): ColumnProfile;
export function createColumnProfile(bins: Bins): ColumnProfile {
  if (bins.type === 'number') {
    return {
      type: 'number',
      edges: bins.edges as number[],
      counts: new Array<number>(bins.edges.length + 1).fill(0),
      missing: 0,
      sum: 0,
      sumSquares: 0,
      origin: originOf(bins.edges),
    };
  }
  return {
    type: 'category',
    categories: bins.categories as string[],
    counts: new Array<number>(bins.categories.length + 1).fill(0),
    missing: 0,
  };
}

/** Index of the bin `edges[i-1] < x <= edges[i]`: the first edge that is not below x. Binary search. */
export function binOf(edges: readonly number[], x: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (edges[middle] < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Counts one value in place. Null, NaN and infinities are missing: they enter no bin and no sum. */
export function addNumber(profile: NumberProfile, value: number | null | undefined): void {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    profile.missing++;
    return;
  }
  profile.counts[binOf(profile.edges, value)]++;
  const fromOrigin = value - (profile.origin ?? 0);
  profile.sum += fromOrigin;
  profile.sumSquares += fromOrigin * fromOrigin;
}

/** Counts one value in place. Null and '' are missing; a category not in the bins is `other`, the last count. */
export function addCategory(profile: CategoryProfile, value: string | null | undefined): void {
  if (typeof value !== 'string' || value === '') {
    profile.missing++;
    return;
  }
  profile.counts[categoryIndex(profile.categories, value)]++;
}

const INDEXES = new WeakMap<readonly string[], Map<string, number>>();
/** Below this many categories a scan is faster than hashing. */
const SCAN_LIMIT = 10;

function categoryIndex(categories: readonly string[], value: string): number {
  if (categories.length <= SCAN_LIMIT) {
    const at = categories.indexOf(value);
    return at < 0 ? categories.length : at;
  }
  let index = INDEXES.get(categories);
  if (!index) {
    index = new Map(categories.map((category, at) => [category, at]));
    INDEXES.set(categories, index);
  }
  return index.get(value) ?? categories.length;
}

/** Values counted, missing ones not among them. */
export function countOf(profile: Pick<ColumnProfile, 'counts'>): number {
  let n = 0;
  for (const count of profile.counts) n += count;
  return n;
}

/**
 * The profile of two samples together, as a new value; both must be in the same bins.
 * Counts merge exactly (associative, commutative), sums to rounding.
 */
export function mergeColumnProfiles(a: NumberProfile, b: NumberProfile): NumberProfile;
export function mergeColumnProfiles(a: ColumnProfile, b: ColumnProfile): ColumnProfile;
export function mergeColumnProfiles(a: ColumnProfile, b: ColumnProfile): ColumnProfile {
  const merged: ColumnProfile = { ...a, counts: [...a.counts] };
  addColumnProfile(merged, b);
  return merged;
}

/** Adds `from` to `into` in place; both must be in the same bins. */
export function addColumnProfile(into: ColumnProfile, from: ColumnProfile): void {
  assert(haveSameBins(into, from), 'profiles merge only in the same bins');
  if (into.type === 'number' && from.type === 'number') addSums(into, from);
  for (let i = 0; i < from.counts.length; i++) into.counts[i] += from.counts[i];
  into.missing += from.missing;
}

/** Before the counts, by which sums of another origin are carried over. */
function addSums(into: NumberProfile, from: NumberProfile): void {
  if (into.origin === from.origin) {
    into.sum += from.sum;
    into.sumSquares += from.sumSquares;
    return;
  }
  const { sum, sumSquares, origin } = mergeSums(sumsOf(into), sumsOf(from));
  Object.assign(into, { sum, sumSquares, origin });
}

/** Are both counted in the same bins? */
export function haveSameBins(a: Bins, b: Bins): boolean {
  const left: readonly unknown[] = a.type === 'number' ? a.edges : a.categories;
  const right: readonly unknown[] = b.type === 'number' ? b.edges : b.categories;
  if (a.type !== b.type || left.length !== right.length) return false;
  return left === right || left.every((bin, i) => bin === right[i]);
}
