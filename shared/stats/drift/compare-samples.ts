import type { ColumnProfile } from '../../contracts/profile.ts';
import type { Rng } from '../../core/rng.ts';
import { addCategory, addNumber, createColumnProfile } from '../profile/column-profile.ts';
import { numberEdges } from '../profile/number-edges.ts';
import { fisherExact } from '../tests/counts.ts';
import { effectsOfSamples } from './column-effects.ts';
import { compareProfiles } from './compare-profiles.ts';
import type { EffectSize } from './effect-size.ts';
import { countCells, distinctOf } from './evidently-bins.ts';
import { columnMethods, type NamedMethod } from './named-methods.ts';
import { populationStability } from './population-stability.ts';
import { numbersOf, type Sample, type SamplePair } from './sample.ts';
import { type ShareChange, shareChanges } from './share-changes.ts';

/** auto: what the product itself uses; the others by name. */
export type DriftMethod = 'auto' | NamedMethod;

export type MethodResult = {
  method: string;
  /** Null where the samples are too small, or the method does not fit the column's type. */
  statistic: number | null;
  /** Chance of as much difference without any change; both samples' sizes are counted. */
  pValue: number | null;
  /** How large the change is: population stability index over 20 bins of equal count, or the categories. */
  effectSize: number | null;
};

export type CompareOptions = {
  methods: readonly DriftMethod[];
  /** Relabellings for methods that have no distribution of their own. */
  permutations: number;
  rng: Rng;
};

/** How large the change of one raw column is, with intervals (empty where nothing can be said), and of which shares. */
export function describeSamples(pair: SamplePair): {
  effects: EffectSize[];
  shares: ShareChange[];
} {
  const profiles = profilesOf(pair);
  return { effects: effectsOfSamples(pair, profiles), shares: shareChanges(profiles) };
}

/** Compares one raw column by each method asked for, in order. */
export function compareSamples(pair: SamplePair, options: CompareOptions): MethodResult[] {
  const profiles = profilesOf(pair);
  const effectSize = populationStability(
    [...profiles.reference.counts, profiles.reference.missing],
    [...profiles.current.counts, profiles.current.missing],
  );
  const testOf = columnMethods(pair, options);
  return options.methods.map((method) => {
    const answer: Answer | null = method === 'auto' ? autoTest(pair, profiles) : testOf(method);
    return answer
      ? { effectSize, ...answer, method: answer.method ?? method }
      : { method, statistic: null, pValue: null, effectSize };
  });
}

type Profiles = { reference: ColumnProfile; current: ColumnProfile };
type Answer = { method?: string; statistic: number; pValue: number };

/** Fisher's exact test for small tables of two categories, else the comparison of profiles. */
function autoTest(pair: SamplePair, profiles: Profiles): Answer | null {
  if (pair.reference.type === 'category') {
    const small = smallTable(pair);
    if (small) return small;
  }
  const compared = compareProfiles(profiles.reference, profiles.current);
  const method = pair.reference.type === 'number' ? 'combined' : 'chisquare';
  return compared && { method, statistic: compared.statistic, pValue: compared.pValue };
}

/** Total count below which two categories are compared exactly. */
const EXACT_BELOW = 200;

function smallTable(pair: SamplePair): Answer | null {
  const cells = distinctOf(pair);
  const missing = (pair.reference.missing ?? 0) + (pair.current.missing ?? 0);
  const [n, m] = [pair.reference.values.length, pair.current.values.length];
  if (cells.length !== 2 || missing > 0 || n + m >= EXACT_BELOW) return null;
  const test = fisherExact(
    { events: countCells(pair.reference, cells)[0], n },
    { events: countCells(pair.current, cells)[0], n: m },
  );
  return test && { method: 'fisher_exact', ...test };
}

/** Both samples in bins of equal count of the two together, or in the categories of the two together. */
function profilesOf(pair: SamplePair): Profiles {
  const numbers = numbersOf(pair);
  const bins = numbers
    ? { type: 'number' as const, edges: numberEdges([...numbers.reference, ...numbers.current]) }
    : { type: 'category' as const, categories: distinctOf(pair) };
  const count = (sample: Sample): ColumnProfile => {
    const profile: ColumnProfile = createColumnProfile(bins);
    for (const value of sample.values) {
      if (profile.type === 'number') addNumber(profile, Number(value));
      else addCategory(profile, String(value));
    }
    profile.missing = sample.missing ?? 0;
    return profile;
  };
  return { reference: count(pair.reference), current: count(pair.current) };
}
