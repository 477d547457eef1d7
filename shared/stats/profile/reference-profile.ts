import type { ColumnProfile, NumberProfile, ReferenceProfile } from '../../contracts/profile.ts';
import { addCategory, addNumber, createColumnProfile } from './column-profile.ts';
import { numberEdges } from './number-edges.ts';

/** One column of raw values: numbers with NaN for missing, categories with '' or null for missing. */
export type ReferenceColumn =
  | { type: 'number'; values: ArrayLike<number> }
  | { type: 'category'; values: ArrayLike<string | null>; categories: readonly string[] };

export type ReferenceInput = {
  /** By input name; all columns of one length. */
  inputs: Record<string, ReferenceColumn>;
  /** Out-of-fold predictions, target units, [rows]. */
  prediction: ArrayLike<number>;
  /** Observed targets, [rows]. */
  target: ArrayLike<number>;
  /** Edges at most per number column; 19 gives 20 bins of equal count. */
  maxEdges?: number;
};

/**
 * The profile a version was trained on: quantile bins for numbers, the declared categories plus
 * `other` for categories, missing values counted apart. Traffic of that version is counted in the same bins.
 * Cost: one sort per number column.
 */
export function buildReferenceProfile(input: ReferenceInput): ReferenceProfile {
  const maxEdges = input.maxEdges ?? 19;
  const inputs: Record<string, ColumnProfile> = {};
  for (const [name, column] of Object.entries(input.inputs)) {
    inputs[name] =
      column.type === 'number'
        ? profileOfNumbers(column.values, maxEdges)
        : profileOfCategories(column.values, column.categories);
  }
  return {
    schemaVersion: 1,
    rows: input.target.length,
    inputs,
    prediction: profileOfNumbers(input.prediction, maxEdges),
    target: profileOfNumbers(input.target, maxEdges),
  };
}

/** Profile of a sample in its own quantile bins. */
export function profileOfNumbers(values: ArrayLike<number>, maxEdges = 19): NumberProfile {
  const profile = createColumnProfile({ type: 'number', edges: numberEdges(values, maxEdges) });
  for (let i = 0; i < values.length; i++) addNumber(profile, values[i]);
  return profile;
}

function profileOfCategories(
  values: ArrayLike<string | null>,
  categories: readonly string[],
): ColumnProfile {
  const profile = createColumnProfile({ type: 'category', categories: [...categories] });
  if (profile.type !== 'category') return profile;
  for (let i = 0; i < values.length; i++) addCategory(profile, values[i]);
  return profile;
}
