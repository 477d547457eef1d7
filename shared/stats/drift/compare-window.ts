import type { ColumnProfile, Profile, ReferenceProfile } from '../../contracts/profile.ts';
import { benjaminiHochberg } from '../multiple-testing.ts';
import { countOf } from '../profile/column-profile.ts';
import { twoSampleG } from '../tests/counts.ts';
import { twoSampleChiSquare } from '../tests/two-sample-chi-square.ts';
import { compareProfiles } from './compare-profiles.ts';
import type { MethodResult } from './compare-samples.ts';
import { type ColumnDrift, summarise, type TableDrift } from './compare-tables.ts';
import { cramersV, differenceOfMoments, type EffectSize, psiEffect } from './effect-size.ts';
import { populationStability } from './population-stability.ts';

/** Methods that need counts alone. */
export const PROFILE_METHODS = ['auto', 'chisquare', 'g_test'] as const;
export type ProfileMethod = (typeof PROFILE_METHODS)[number];

/**
 * Drift of a window of traffic against the reference, column by column, as `compareTables` says it of raw values:
 * the inputs in the reference's order, then the model's own answers as `prediction`. A column without a value in
 * either is `drifted: null`.
 * Cost: bins x columns, whatever the number of events.
 */
export function compareWindow(
  reference: ReferenceProfile,
  profile: Profile,
  { methods, alpha }: { methods: readonly ProfileMethod[]; alpha: number },
): TableDrift {
  const pairs = profilePairs(reference, profile);
  const compared = pairs.map(([column, pair]): Omit<ColumnDrift, 'adjustedPValue' | 'drifted'> => {
    const results = methods.map((method) => ({ ...resultOf(method, pair), threshold: alpha }));
    return {
      column,
      type: pair.reference.type,
      nReference: countOf(pair.reference),
      nCurrent: countOf(pair.current),
      effects: effectsOf(pair),
      results: results.map((result) => ({
        ...result,
        drifted: result.pValue === null ? null : result.pValue <= alpha,
      })),
    };
  });
  const known = compared.filter(({ results }) => results[0].pValue !== null);
  const adjusted = benjaminiHochberg(known.map(({ results }) => results[0].pValue ?? 1));
  const columns = compared.map((column) => {
    const at = known.indexOf(column);
    const adjustedPValue = at < 0 ? null : adjusted[at];
    return {
      ...column,
      adjustedPValue,
      drifted: adjustedPValue === null ? null : adjustedPValue <= alpha,
    };
  });
  return summarise(columns, { method: 'benjamini-hochberg', minShare: 0 });
}

type Pair = { reference: ColumnProfile; current: ColumnProfile };

/** The reference and the traffic of each column that both have, in the order in which they are judged. */
export function profilePairs(reference: ReferenceProfile, profile: Profile): [string, Pair][] {
  const pairs = Object.entries(reference.inputs).flatMap(([name, column]): [string, Pair][] => {
    const current = profile.inputs[name];
    return current ? [[name, { reference: column, current }]] : [];
  });
  if (profile.prediction)
    pairs.push(['prediction', { reference: reference.prediction, current: profile.prediction }]);
  return pairs;
}

const cellsOf = ({ counts, missing }: ColumnProfile): number[] => [...counts, missing];

function resultOf(method: ProfileMethod, { reference, current }: Pair): MethodResult {
  const [before, now] = [cellsOf(reference), cellsOf(current)];
  const effectSize = populationStability(before, now);
  const named = method === 'chisquare' ? twoSampleChiSquare : twoSampleG;
  const test = method === 'auto' ? compareProfiles(reference, current) : named(before, now);
  const auto = reference.type === 'number' ? 'combined' : 'chisquare';
  return {
    method: method === 'auto' ? auto : method,
    statistic: test?.statistic ?? null,
    pValue: test?.pValue ?? null,
    effectSize,
  };
}

function effectsOf({ reference, current }: Pair): EffectSize[] {
  const [before, now] = [cellsOf(reference), cellsOf(current)];
  const second =
    reference.type === 'number' && current.type === 'number'
      ? differenceOfMoments(momentsOf(reference), momentsOf(current))
      : cramersV(before, now);
  return [psiEffect(before, now), second].flatMap((effect) => effect ?? []);
}

function momentsOf(profile: ColumnProfile & { type: 'number' }) {
  const n = countOf(profile);
  const mean = n === 0 ? 0 : profile.sum / n;
  return { n, mean, squares: Math.max(0, profile.sumSquares - n * mean * mean) };
}
