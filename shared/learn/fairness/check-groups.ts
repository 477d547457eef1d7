import { fail, ok, type Result } from '../../core/result.ts';
import type { Mitigation, MitigationError } from './mitigation.ts';

export const MOST_GROUPS = 20;

/**
 * Whether there is something to be alike: two groups or more, at most 20, each of `minGroupSize` rows and with rows of
 * the classes that the constraint looks at. Where nothing is mitigated, groups may be as small as they are.
 */
export function checkGroups(
  { truth, groups }: { truth: ArrayLike<number>; groups: readonly string[] },
  { mitigation, minGroupSize }: { mitigation: Mitigation | null; minGroupSize: number },
): Result<null, MitigationError> {
  const sizes = new Map<string, [negatives: number, positives: number]>();
  groups.forEach((group, i) => {
    const size = sizes.get(group) ?? [0, 0];
    size[truth[i]]++;
    sizes.set(group, size);
  });
  const named = [...sizes].sort(([a], [b]) => (a < b ? -1 : 1));
  if (named.length < 2) return fail({ reason: 'one_group', group: named[0]?.[0] ?? '' });
  if (named.length > MOST_GROUPS)
    return fail({ reason: 'too_many_groups', groups: named.length, most: MOST_GROUPS });
  if (mitigation === null) return ok(null);
  for (const [group, [negatives, positives]] of named) {
    const rows = negatives + positives;
    if (rows < minGroupSize)
      return fail({ reason: 'small_group', group, rows, needed: minGroupSize });
    for (const truth of basesOf(mitigation))
      if ([negatives, positives][truth] === 0)
        return fail({ reason: 'no_such_rows', group, truth });
  }
  return ok(null);
}

/** Classes of which every group needs a row. */
function basesOf(mitigation: Mitigation): readonly (0 | 1)[] {
  if (mitigation.method === 'reweighing') return [];
  if (mitigation.method === 'threshold') return [0, 1];
  switch (mitigation.constraint) {
    case 'equalized_odds':
      return [0, 1];
    case 'true_positive_rate_parity':
      return [1];
    case 'false_positive_rate_parity':
      return [0];
    case 'demographic_parity':
    case 'error_rate_parity':
      return [];
  }
}
