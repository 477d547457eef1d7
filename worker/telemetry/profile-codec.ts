import type {
  ColumnProfile,
  ErrorSums,
  NumberProfile,
  Profile,
  ReferenceProfile,
} from '../../shared/contracts/profile.ts';
import { createProfile } from '../../shared/stats/profile/traffic-profile.ts';

/** A column's sums and its non-zero counts as index, count pairs; the bins are the reference's. */
type EncodedColumn = { m: number; s?: number; q?: number; c: number[] };

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
};

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
  };
}

export function decodeProfile(
  encoded: EncodedProfile,
  reference: ReferenceProfile | null,
): Profile {
  const profile = createProfile(reference);
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
  return profile;
}

function encodeColumn(column: ColumnProfile): EncodedColumn {
  const pairs: number[] = [];
  for (let i = 0; i < column.counts.length; i++)
    if (column.counts[i] !== 0) pairs.push(i, column.counts[i]);
  if (column.type === 'category') return { m: column.missing, c: pairs };
  return { m: column.missing, s: column.sum, q: column.sumSquares, c: pairs };
}

function fillColumn(column: ColumnProfile, encoded: EncodedColumn): void {
  column.missing = encoded.m;
  for (let i = 0; i < encoded.c.length; i += 2) column.counts[encoded.c[i]] = encoded.c[i + 1];
  if (column.type === 'number') fillSums(column, encoded);
}

function fillSums(column: NumberProfile, encoded: EncodedColumn): void {
  column.sum = encoded.s ?? 0;
  column.sumSquares = encoded.q ?? 0;
}
