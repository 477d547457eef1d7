import type { FairnessFindings } from '../../shared/report/kinds/fairness-report.ts';
import { RATE_NAMES } from '../../shared/report/kinds/rate-words.ts';
import type { GroupMetrics, Rate } from '../../shared/stats/fairness/group-metrics.ts';
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
    differences,
    ...(calibration === null ? {} : { calibration }),
    ...(chunk === undefined ? {} : { overTime }),
    ...(mitigation === null ? {} : { mitigation }),
  };
}

export function describeFairness({
  report,
  differences,
  overTime,
  mitigation,
}: FairnessFindings): string[] {
  const percent = (rate: Rate): string => (rate ? `${(rate.value * 100).toFixed(1)} %` : 'unknown');
  const groups = Object.entries(report.groups).map(
    ([name, { n, selectionRate, truePositiveRate, falsePositiveRate }]) =>
      `${name}: n ${n}, selected ${percent(selectionRate)}, TPR ${percent(truePositiveRate)}, FPR ${percent(falsePositiveRate)}`,
  );
  const parity = report.demographicParity;
  const summary = parity
    ? `Selection rates differ by ${(parity.difference * 100).toFixed(1)} points, ratio ${parity.ratio.toFixed(2)}.`
    : 'There is only one group: nothing to compare.';
  const sure = differences
    .filter(({ adjustedPValue }) => adjustedPValue <= 0.05)
    .map(({ rate, lowest, highest }) => `${RATE_NAMES[rate]} (${lowest} to ${highest})`);
  const beyond =
    sure.length > 0
      ? `Beyond chance: ${sure.join(', ')}.`
      : 'No rate differs between groups beyond chance.';
  const later = overTime.map(({ rate, verdict }) => `Over time, ${RATE_NAMES[rate]}: ${verdict}.`);
  const remedy = mitigation ? describeMitigation(mitigation) : [];
  return [summary, beyond, ...later, ...groups, ...remedy];
}
