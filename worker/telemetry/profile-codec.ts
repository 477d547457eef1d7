import type { Task } from '../../shared/contracts/declaration.ts';
import type {
  Agreement,
  ColumnProfile,
  ErrorSums,
  NumberProfile,
  Profile,
  ReferenceProfile,
  ScoreCounts,
} from '../../shared/contracts/profile.ts';
import { LATENCY_EDGES_MS } from '../../shared/contracts/profile.ts';
import { createColumnProfile } from '../../shared/stats/profile/column-profile.ts';
import { giveOrigin } from '../../shared/stats/profile/number-sums.ts';
import { createScores } from '../../shared/stats/profile/score-counts.ts';
import { createAgreement } from '../../shared/stats/profile/shadow-profile.ts';
import { createErrorSums, createProfile } from '../../shared/stats/profile/traffic-profile.ts';

/** What a profile of a version is counted in. */
export type CountedIn = { reference: ReferenceProfile; task: Task['type'] };

/** An empty profile of a version; with null, of traffic that was assigned none. */
export const emptyProfile = (bins: CountedIn | null): Profile =>
  createProfile(bins?.reference ?? null, bins?.task);

/**
 * A column's sums, the origin they are taken from, and its non-zero counts as index, count pairs; the bins are the
 * reference's.
 */
export type EncodedColumn = { m: number; s?: number; q?: number; o?: number; c: number[] };

/** A profile without its bins: a tenth of the bytes, read back with the reference it was made with. */
export type EncodedProfile = {
  p: [model: number, fallback: number];
  r: Record<string, number>;
  i: Record<string, number>;
  e: number;
  w: number;
  l: EncodedColumn;
  n: Record<string, EncodedColumn>;
  y: EncodedColumn | null;
  o: [model: number[], fallback: number[]];
  /** Each of these only where there is something to tell. */
  v?: [n: number, missed: number];
  b?: Record<string, EncodedColumn>;
  g?: Record<string, number[]>;
  t?: Record<string, [n: number, sum: number, sumSquares: number]>;
  a?: [n: number, agreeing: number, sum: number, sumSquares: number, absolute: EncodedColumn];
  k?: EncodedScores;
};

/** Counts are pairs as a column's; `l` are the sums of the log loss. */
export type EncodedScores = { p: number[]; n: number[]; t: number[]; l: number[] };

const SUMS = [
  'n',
  'sumError',
  'sumAbsolute',
  'sumSquares',
  'sumFourth',
  'sumTarget',
  'sumTargetSquares',
] as const satisfies readonly (keyof ErrorSums)[];

export function encodeProfile(profile: Profile): EncodedProfile {
  const inputs: Record<string, EncodedColumn> = {};
  for (const name in profile.inputs) inputs[name] = encodeColumn(profile.inputs[name]);
  const { model, fallback } = profile.outcomes;
  return {
    p: [profile.predictions.model, profile.predictions.fallback],
    r: profile.reasons,
    i: profile.incidents,
    e: profile.exposures,
    w: profile.warnings,
    l: encodeColumn(profile.latencyMs),
    n: inputs,
    y: profile.prediction && encodeColumn(profile.prediction),
    o: [SUMS.map((name) => model[name]), SUMS.map((name) => fallback[name])],
    ...encodeParts(profile),
  };
}

function encodeParts(profile: Profile): Pick<EncodedProfile, 'v' | 'b' | 'g' | 't' | 'a' | 'k'> {
  const { intervals, backends, groups, business, agreement, scores } = profile;
  const parts: ReturnType<typeof encodeParts> = {};
  if (intervals.n > 0) parts.v = [intervals.n, intervals.missed];
  if (Object.keys(backends).length > 0) parts.b = mapValues(backends, encodeColumn);
  if (Object.keys(groups).length > 0)
    parts.g = mapValues(groups, (sums) => SUMS.map((name) => sums[name]));
  if (Object.keys(business).length > 0)
    parts.t = mapValues(business, ({ n, sum, sumSquares }) => [n, sum, sumSquares]);
  if (agreement) {
    const { n, agreeing, sumDifference, sumSquares, absolute } = agreement;
    parts.a = [n, agreeing, sumDifference, sumSquares, encodeColumn(absolute)];
  }
  if (scores && scores.logLoss.n > 0) parts.k = encodeScores(scores);
  return parts;
}

function mapValues<A, B>(record: Record<string, A>, map: (value: A) => B): Record<string, B> {
  const mapped: Record<string, B> = {};
  for (const name in record) mapped[name] = map(record[name]);
  return mapped;
}

/** @param encoded also one of before there were scores */
export function decodeProfile(encoded: EncodedProfile, bins: CountedIn | null): Profile {
  const profile = emptyProfile(bins);
  [profile.predictions.model, profile.predictions.fallback] = encoded.p;
  profile.reasons = { ...encoded.r };
  profile.incidents = { ...encoded.i };
  profile.exposures = encoded.e;
  profile.warnings = encoded.w;
  fillColumn(profile.latencyMs, encoded.l);
  for (const name in profile.inputs)
    if (Object.hasOwn(encoded.n, name)) fillColumn(profile.inputs[name], encoded.n[name]);
  if (profile.prediction && encoded.y) fillColumn(profile.prediction, encoded.y);
  for (const [at, source] of (['model', 'fallback'] as const).entries())
    for (const [i, name] of SUMS.entries()) profile.outcomes[source][name] = encoded.o[at][i];
  decodeParts(profile, encoded);
  return profile;
}

function decodeParts(profile: Profile, { v, b, g, t, a, k }: EncodedProfile): void {
  if (v) profile.intervals = { n: v[0], missed: v[1] };
  if (b)
    profile.backends = mapValues(b, (encoded) => {
      const column = createColumnProfile({ type: 'number', edges: LATENCY_EDGES_MS });
      fillColumn(column, encoded);
      return column;
    });
  if (g) profile.groups = mapValues(g, decodeSums);
  if (t) profile.business = mapValues(t, ([n, sum, sumSquares]) => ({ n, sum, sumSquares }));
  if (a) profile.agreement = decodeAgreement(a);
  if (k) profile.scores = decodeScores(k);
}

function decodeSums(encoded: number[]): ErrorSums {
  const sums = createErrorSums();
  for (const [i, name] of SUMS.entries()) sums[name] = encoded[i];
  return sums;
}

function decodeAgreement(encoded: NonNullable<EncodedProfile['a']>): Agreement {
  const [n, agreeing, sumDifference, sumSquares, absolute] = encoded;
  const agreement = { ...createAgreement(), n, agreeing, sumDifference, sumSquares };
  fillColumn(agreement.absolute, absolute);
  return agreement;
}

function encodeScores({ positive, negative, told, logLoss }: ScoreCounts): EncodedScores {
  const { n, sum, sumSquares } = logLoss;
  return { p: pairsOf(positive), n: pairsOf(negative), t: pairsOf(told), l: [n, sum, sumSquares] };
}

function decodeScores({ p, n, t, l }: EncodedScores): ScoreCounts {
  const scores = createScores();
  fillCounts(scores.positive, p);
  fillCounts(scores.negative, n);
  fillCounts(scores.told, t);
  const [rows, sum, sumSquares] = l;
  return { ...scores, logLoss: { n: rows, sum, sumSquares } };
}

/** What is not zero, as index, count pairs. */
function pairsOf(counts: readonly number[]): number[] {
  const pairs: number[] = [];
  for (let i = 0; i < counts.length; i++) if (counts[i] !== 0) pairs.push(i, counts[i]);
  return pairs;
}

function fillCounts(counts: number[], pairs: readonly number[]): void {
  for (let i = 0; i < pairs.length; i += 2) counts[pairs[i]] = pairs[i + 1];
}

function encodeColumn(column: ColumnProfile): EncodedColumn {
  const pairs = pairsOf(column.counts);
  if (column.type === 'category') return { m: column.missing, c: pairs };
  const origin = column.origin === undefined ? {} : { o: column.origin };
  return { m: column.missing, s: column.sum, q: column.sumSquares, ...origin, c: pairs };
}

function fillColumn(column: ColumnProfile, encoded: EncodedColumn): void {
  column.missing = encoded.m;
  fillCounts(column.counts, encoded.c);
  if (column.type === 'number') fillSums(column, encoded);
}

function fillSums(column: NumberProfile, encoded: EncodedColumn): void {
  column.sum = encoded.s ?? 0;
  column.sumSquares = encoded.q ?? 0;
  column.origin = encoded.o;
  giveOrigin(column);
}
