import { mergeSums, type NumberSums } from '../../shared/stats/profile/number-sums.ts';
import type { EncodedColumn, EncodedProfile, EncodedScores } from './profile-codec.ts';

/**
 * The sum of two encoded profiles of one version, as a new value: what decoding, merging and encoding would give,
 * without the bins that decoding needs.
 */
export function mergeEncoded(a: EncodedProfile, b: EncodedProfile): EncodedProfile {
  const merged: EncodedProfile = {
    p: addLists(a.p, b.p) as EncodedProfile['p'],
    r: mergeRecords(a.r, b.r, add),
    i: mergeRecords(a.i, b.i, add),
    e: a.e + b.e,
    w: a.w + b.w,
    l: mergeColumns(a.l, b.l),
    n: mergeRecords(a.n, b.n, mergeColumns),
    y: a.y && b.y ? mergeColumns(a.y, b.y) : (a.y ?? b.y),
    o: [addLists(a.o[0], b.o[0]), addLists(a.o[1], b.o[1])],
  };
  return { ...merged, ...mergeParts(a, b) };
}

type Parts = Pick<EncodedProfile, 'v' | 'b' | 'g' | 't' | 'a' | 'k'>;

function mergeParts(a: Parts, b: Parts): Parts {
  const parts: Parts = {};
  if (a.v || b.v) parts.v = addLists(a.v ?? [0, 0], b.v ?? [0, 0]) as Parts['v'];
  if (a.b || b.b) parts.b = mergeRecords(a.b ?? {}, b.b ?? {}, mergeColumns);
  if (a.g || b.g) parts.g = mergeRecords(a.g ?? {}, b.g ?? {}, addLists);
  if (a.t || b.t) parts.t = mergeRecords(a.t ?? {}, b.t ?? {}, addLists) as Parts['t'];
  if (a.a && b.a) {
    const [n, agreeing, sum, squares] = addLists(
      a.a.slice(0, 4) as number[],
      b.a.slice(0, 4) as number[],
    );
    parts.a = [n, agreeing, sum, squares, mergeColumns(a.a[4], b.a[4])];
  } else if (a.a || b.a) parts.a = a.a ?? b.a;
  if (a.k || b.k) parts.k = a.k && b.k ? mergeScores(a.k, b.k) : (a.k ?? b.k);
  return parts;
}

const mergeScores = (a: EncodedScores, b: EncodedScores): EncodedScores => ({
  p: mergePairs(a.p, b.p),
  n: mergePairs(a.n, b.n),
  t: mergePairs(a.t, b.t),
  l: addLists(a.l, b.l),
});

const add = (a: number, b: number): number => a + b;
const addLists = (a: readonly number[], b: readonly number[]): number[] =>
  a.map((value, i) => value + b[i]);

function mergeRecords<T>(
  a: Record<string, T>,
  b: Record<string, T>,
  merge: (a: T, b: T) => T,
): Record<string, T> {
  const merged = { ...a };
  for (const name in b)
    merged[name] = Object.hasOwn(merged, name) ? merge(merged[name], b[name]) : b[name];
  return merged;
}

function mergeColumns(a: EncodedColumn, b: EncodedColumn): EncodedColumn {
  const merged: EncodedColumn = { m: a.m + b.m, c: mergePairs(a.c, b.c) };
  if (a.s === undefined || b.s === undefined) return merged;
  const { sum, sumSquares, origin } = mergeSums(encodedSums(a), encodedSums(b));
  return {
    ...{ m: merged.m, s: sum, q: sumSquares },
    ...(origin === undefined ? {} : { o: origin }),
    c: merged.c,
  };
}

function encodedSums({ s = 0, q = 0, o, c }: EncodedColumn): NumberSums {
  let n = 0;
  for (let i = 1; i < c.length; i += 2) n += c[i];
  return { n, sum: s, sumSquares: q, origin: o };
}

/** Pairs of an ascending index and its count. */
function mergePairs(a: readonly number[], b: readonly number[]): number[] {
  const pairs: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left = i < a.length ? a[i] : Number.POSITIVE_INFINITY;
    const right = j < b.length ? b[j] : Number.POSITIVE_INFINITY;
    const count = (left <= right ? a[i + 1] : 0) + (right <= left ? b[j + 1] : 0);
    pairs.push(Math.min(left, right), count);
    if (left <= right) i += 2;
    if (right <= left) j += 2;
  }
  return pairs;
}
