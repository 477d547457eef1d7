import { ok, type Result } from '../../shared/core/result.ts';
import {
  type FairnessReport,
  type GroupMetrics,
  measureFairness,
  type Rate,
} from '../../shared/stats/fairness/group-metrics.ts';
import { reporting } from '../command.ts';
import { type CliFailure, failed } from '../failure.ts';
import { findColumn, readColumns, type TextColumns } from './read-columns.ts';

export type FairnessFlags = {
  data: string;
  truth: string;
  prediction: string;
  sensitive: string;
  positive: string;
  json: boolean;
};

/** Group metrics and disparities of binary decisions in a CSV. */
export const runFairness = reporting<FairnessFlags, []>(async ({ context, flags }) => {
  const table = await readColumns(context, flags.data);
  if (!table.ok) return table;
  const decisions = readDecisions(table.value, flags);
  if (!decisions.ok) return decisions;
  const report = measureFairness(decisions.value);
  if (!report.ok) return failed('rows', `${flags.data} has no rows.`);
  return ok({ json: toJson(report.value), sentences: describe(report.value) });
});

type Decisions = Parameters<typeof measureFairness>[0];

function readDecisions(table: TextColumns, flags: FairnessFlags): Result<Decisions, CliFailure> {
  const truth = readLabels(table, flags.truth, flags);
  if (!truth.ok) return truth;
  const prediction = readLabels(table, flags.prediction, flags);
  if (!prediction.ok) return prediction;
  const attributes: (string | null)[][] = [];
  for (const name of flags.sensitive.split(',')) {
    const cells = findColumn(table, name.trim(), flags.data);
    if (!cells.ok) return cells;
    attributes.push(cells.value);
  }
  const groups = truth.value.map((_, i) =>
    attributes.map((cells) => cells[i] ?? 'missing').join(','),
  );
  return ok({ truth: truth.value, prediction: prediction.value, groups });
}

/** Cells equal to the positive value, as text or as numbers. */
function readLabels(
  table: TextColumns,
  name: string,
  { data, positive }: FairnessFlags,
): Result<boolean[], CliFailure> {
  const cells = findColumn(table, name, data);
  if (!cells.ok) return cells;
  const missing = cells.value.indexOf(null);
  if (missing >= 0)
    return failed('rows', `${data} is refused.`, [
      `row ${missing + 1}, column "${name}": expected a label, found nothing`,
    ]);
  const isPositive = (cell: string | null): boolean =>
    cell === positive || (positive.trim() !== '' && Number(cell) === Number(positive));
  return ok(cells.value.map(isPositive));
}

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

function toJson(report: FairnessReport) {
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
  };
}

function describe(report: FairnessReport): string[] {
  const percent = (rate: Rate): string => (rate ? `${(rate.value * 100).toFixed(1)} %` : 'unknown');
  const groups = Object.entries(report.groups).map(
    ([name, { n, selectionRate, truePositiveRate, falsePositiveRate }]) =>
      `${name}: n ${n}, selected ${percent(selectionRate)}, TPR ${percent(truePositiveRate)}, FPR ${percent(falsePositiveRate)}`,
  );
  const parity = report.demographicParity;
  const summary = parity
    ? `Selection rates differ by ${(parity.difference * 100).toFixed(1)} points, ratio ${parity.ratio.toFixed(2)}.`
    : 'There is only one group: nothing to compare.';
  return [summary, ...groups];
}
