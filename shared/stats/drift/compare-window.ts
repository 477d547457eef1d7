import type { Profile, ReferenceProfile } from '../../contracts/profile.ts';
import type { Rng } from '../../core/rng.ts';
import { benjaminiHochberg } from '../multiple-testing.ts';
import { countOf } from '../profile/column-profile.ts';
import { effectsOfProfiles } from './column-effects.ts';
import { type ColumnDrift, summarise, type TableDrift } from './compare-tables.ts';
import { type ProfileMethod, type ProfilePair, profileMethods } from './profile-methods.ts';
import { judgeShares, shareChanges } from './share-changes.ts';

/**
 * Drift of a window of traffic against the reference, column by column, as `compareTables` says it of raw values:
 * the inputs in the reference's order, then the model's own answers as `prediction`. A column without a value in
 * either is `drifted: null`.
 * Cost: bins x columns, whatever the number of events.
 */
export function compareWindow(
  reference: ReferenceProfile,
  profile: Profile,
  { methods, alpha, rng }: { methods: readonly ProfileMethod[]; alpha: number; rng: Rng },
): TableDrift {
  const pairs = profilePairs(reference, profile);
  const shares = judgeShares(
    pairs.map(([, pair]) => shareChanges(pair)),
    alpha,
  );
  const compared = pairs.map(
    ([column, pair], i): Omit<ColumnDrift, 'adjustedPValue' | 'drifted'> => {
      const results = profileMethods(methods, pair, rng).map((result) => ({
        ...result,
        threshold: alpha,
      }));
      return {
        column,
        type: pair.reference.type,
        nReference: countOf(pair.reference),
        nCurrent: countOf(pair.current),
        ...{ effects: effectsOfProfiles(pair), shares: shares[i] },
        results: results.map((result) => ({
          ...result,
          drifted: result.pValue === null ? null : result.pValue <= alpha,
        })),
      };
    },
  );
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

/** The reference and the traffic of each column that both have, in the order in which they are judged. */
export function profilePairs(
  reference: ReferenceProfile,
  profile: Profile,
): [string, ProfilePair][] {
  const pairs = Object.entries(reference.inputs).flatMap(
    ([name, column]): [string, ProfilePair][] => {
      const current = profile.inputs[name];
      return current ? [[name, { reference: column, current }]] : [];
    },
  );
  if (profile.prediction)
    pairs.push(['prediction', { reference: reference.prediction, current: profile.prediction }]);
  return pairs;
}
