import { type FairnessFindings, mostPossible } from '../../shared/report/kinds/fairness-report.ts';
import { points, RATE_NAMES } from '../../shared/report/kinds/rate-words.ts';
import type {
  FairnessReport,
  GroupMetrics,
  Rate,
} from '../../shared/stats/fairness/group-metrics.ts';
import { describeMitigation } from './fairness-mitigation.ts';

const valueIn = (rate: Rate): number | null => rate?.value ?? null;

const groupJson = (group: GroupMetrics) => ({
  n: group.n,
  selectionRate: valueIn(group.selectionRate),
  tpr: valueIn(group.truePositiveRate),
  fpr: valueIn(group.falsePositiveRate),
  fnr: valueIn(group.falseNegativeRate),
  tnr: valueIn(group.trueNegativeRate),
  accuracy: valueIn(group.accuracy),
  precision: valueIn(group.precision),
  selectionRateInterval: group.selectionRate?.interval ?? null,
});

/** What `edgewise fairness --json` answers. */
export function fairnessJson(
  { report, differences, overTime, calibration, mitigation }: FairnessFindings,
  chunk: number | undefined,
) {
  const { demographicParity, equalizedOdds, equalOpportunity, predictiveParity } = report;
  return {
    overall: groupJson(report.overall),
    groups: Object.fromEntries(
      Object.entries(report.groups).map(([name, group]) => [name, groupJson(group)]),
    ),
    demographicParityDifference: demographicParity?.difference ?? null,
    demographicParityRatio: demographicParity?.ratio ?? null,
    equalizedOddsDifference: equalizedOdds?.difference ?? null,
    equalizedOddsRatio: equalizedOdds?.ratio ?? null,
    equalOpportunityDifference: equalOpportunity?.difference ?? null,
    equalOpportunityRatio: equalOpportunity?.ratio ?? null,
    predictiveParityDifference: predictiveParity?.difference ?? null,
    predictiveParityRatio: predictiveParity?.ratio ?? null,
    tooSmall: report.tooSmall,
    differences,
    ...(calibration === null ? {} : { calibration }),
    ...(chunk === undefined ? {} : { overTime }),
    ...(mitigation === null ? {} : { mitigation }),
  };
}

/** Groups told one by one; of more, those that are surest to be apart. */
const MOST_GROUPS = 10;

/** @param minGroupSize rows below which a group was not compared */
export function describeFairness(
  { report, differences, overTime, mitigation }: FairnessFindings,
  minGroupSize: number,
): string[] {
  const sure = differences
    .filter(({ adjustedPValue }) => adjustedPValue <= 0.05)
    .map(({ rate, lowest, highest }) => `${RATE_NAMES[rate]} (${lowest} to ${highest})`);
  const beyond =
    sure.length > 0
      ? `Beyond chance: ${sure.join(', ')}.`
      : `No rate differs between groups beyond chance; differences of up to ${points(mostPossible(differences))} are not ruled out.`;
  const later = overTime.map(({ rate, verdict }) => `Over time, ${RATE_NAMES[rate]}: ${verdict}.`);
  const remedy = mitigation ? describeMitigation(mitigation) : [];
  return [
    ...summaryOf(report, minGroupSize),
    ...(differences.length > 0 ? [beyond] : []),
    ...later,
    ...describeGroups(report),
    ...remedy,
  ];
}

function summaryOf(
  { groups, tooSmall, demographicParity: parity }: FairnessReport,
  minGroupSize: number,
): string[] {
  const count = Object.keys(groups).length;
  const named = tooSmall.slice(0, MOST_GROUPS).map((name) => `${name} (n ${groups[name].n})`);
  const left = tooSmall.length - named.length;
  const small =
    tooSmall.length > 0
      ? [
          `Too small to be compared, with fewer than ${minGroupSize} rows: ${named.join(', ')}${left > 0 ? ` and ${left} more` : ''}.`,
        ]
      : [];
  if (parity)
    return [
      `Selection rates differ by ${(parity.difference * 100).toFixed(1)} points, ratio ${parity.ratio.toFixed(2)}.`,
      ...small,
    ];
  return count === 1
    ? ['There is only one group: nothing to compare.', ...small]
    : [
        `Of ${count} groups ${count - tooSmall.length} are large enough: nothing to compare.`,
        ...small,
      ];
}

function describeGroups({ groups, overall }: FairnessReport): string[] {
  const all = Object.entries(groups);
  const shown = all.length > MOST_GROUPS ? furthest(all, overall) : all;
  const percent = (rate: Rate): string => (rate ? `${(rate.value * 100).toFixed(1)} %` : 'unknown');
  const told = shown.map(
    ([name, { n, selectionRate, truePositiveRate, falsePositiveRate }]) =>
      `${name}: n ${n}, selected ${percent(selectionRate)}, TPR ${percent(truePositiveRate)}, FPR ${percent(falsePositiveRate)}`,
  );
  const left = all.length - shown.length;
  return left > 0
    ? [
        ...told,
        `These are surest to be selected otherwise than all; ${left} more groups: see --json.`,
      ]
    : told;
}

/** By how far the interval of the selection rate is from the rate of all, then the larger first. */
function furthest(
  groups: readonly [string, GroupMetrics][],
  overall: GroupMetrics,
): [string, GroupMetrics][] {
  const all = overall.selectionRate?.value ?? 0;
  const apart = ({ selectionRate: rate }: GroupMetrics): number =>
    rate ? Math.max(0, rate.interval[0] - all, all - rate.interval[1]) : 0;
  return [...groups].sort(([, a], [, b]) => apart(b) - apart(a) || b.n - a.n).slice(0, MOST_GROUPS);
}
