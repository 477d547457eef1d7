import type { ErrorSums, Profile } from '../contracts/profile.ts';
import type { GateResult } from '../contracts/registry.ts';
import { absoluteErrors, judgeCompared, judgeErrorRatio } from './gate-errors.ts';
import { currentOf, type GateQuestion } from './gate-question.ts';
import { compareSteps, totalOf } from './gate-verdict.ts';

/** Is the error of one group within `limit` times the champion's for the same group? */
export const judgeGroupOfChampion = (question: GateQuestion, group: string): GateResult =>
  judgeErrorRatio(question, { momentsOf: (profile) => absoluteErrors(groupOf(profile, group)) });

/**
 * Is the challenger's error of one group within `limit` times its error of all other groups? Both are compared
 * step by step, so that hours that are harder for all do not look like unfairness.
 */
export function judgeGroupOfOthers(question: GateQuestion, group: string): GateResult {
  const { metric, limit, minSamples, steps } = question;
  const countGroup = (profile: Profile): number => groupOf(profile, group)?.n ?? 0;
  const countOthers = (profile: Profile): number => othersOf(profile, group).n;
  const n = countGroup(currentOf(question));
  const base = { metric, n, needed: minSamples };
  const compared = compareSteps(
    steps.map(({ challenger }) => ({ challenger, champion: challenger })),
    limit,
    (profile, side) =>
      absoluteErrors(side === 'challenger' ? groupOf(profile, group) : othersOf(profile, group)),
  );
  if (!compared)
    return { ...base, verdict: 'insufficient_data', challenger: null, champion: null, limit: null };
  const total = totalOf(steps, countGroup);
  const championTotal = totalOf(steps, countOthers);
  const judged = judgeCompared(question, { compared, n, total, championTotal });
  const { challenger, champion: others } = compared;
  return { ...base, ...judged, challenger, champion: null, limit: limit * others };
}

/** Share of the grouped outcomes so far that are this group's. */
export function shareOfGroup({ steps }: Pick<GateQuestion, 'steps'>, group: string): number {
  const all = totalOf(steps, ({ groups }) =>
    Object.values(groups).reduce((sum, { n }) => sum + n, 0),
  );
  return all === 0 ? 0 : totalOf(steps, (profile) => groupOf(profile, group)?.n ?? 0) / all;
}

const groupOf = ({ groups }: Profile, group: string): ErrorSums | null =>
  Object.hasOwn(groups, group) ? groups[group] : null;

function othersOf({ groups }: Profile, group: string): ErrorSums {
  const sums = { n: 0, sumError: 0, sumAbsolute: 0, sumSquares: 0, sumFourth: 0 };
  for (const [name, own] of Object.entries(groups)) {
    if (name === group) continue;
    sums.n += own.n;
    sums.sumAbsolute += own.sumAbsolute;
    sums.sumSquares += own.sumSquares;
    sums.sumFourth += own.sumFourth;
  }
  return { ...sums, sumTarget: 0, sumTargetSquares: 0 };
}
