import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  type Decisions,
  measureFairness,
  type Rate,
} from '../../shared/stats/fairness/group-metrics.ts';

type Row = Record<string, string>;
type Group = { sel: number; tpr: number; fpr: number; acc: number; n: number };
type Expected = {
  attr: string;
  dp_diff: number;
  dp_ratio: number;
  eo_diff: number;
  eo_ratio: number;
  overall: Group;
  by_group: Record<string, Group>;
};

const read = (path: string): string =>
  readFileSync(new URL(`../../../shared/${path}`, import.meta.url), 'utf8');
const table: { results: Expected[] } = JSON.parse(read('conformance/fairness.json'));

/** The file has no quoted cells. */
function compasRows(): Row[] {
  const [header, ...lines] = read('data/compas/compas.csv').trim().split(/\r?\n/);
  const names = header.split(',');
  const rows = lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, i) => [name, cells[i]]));
  });
  return rows.filter(isKept);
}

/** ProPublica's filter. */
function isKept(row: Row): boolean {
  const days = row.days_b_screening_arrest;
  const isNear = days !== '' && Math.abs(Number(days)) <= 30;
  return isNear && row.is_recid !== '-1' && row.c_charge_degree !== 'O' && row.score_text !== 'N/A';
}

const rows = compasRows();
const decisionsBy = (attribute: string): Decisions => ({
  truth: rows.map((row) => row.two_year_recid === '1'),
  prediction: rows.map((row) => Number(row.decile_score) >= 5),
  groups: rows.map((row) => row[attribute]),
});

const close = (got: number | undefined, expected: number): void =>
  expect(Math.abs(got! - expected)).toBeLessThan(1e-9);
const rateValue = (rate: Rate): number | undefined => rate?.value;

test.each(table.results)('COMPAS by $attr: the disparities of Fairlearn 0.10', (expected) => {
  const report = measureFairness(decisionsBy(expected.attr));
  if (!report.ok) throw new Error(report.error.reason);
  const { overall, groups, demographicParity, equalizedOdds } = report.value;
  close(demographicParity?.difference, expected.dp_diff);
  close(demographicParity?.ratio, expected.dp_ratio);
  close(equalizedOdds?.difference, expected.eo_diff);
  close(equalizedOdds?.ratio, expected.eo_ratio);
  expect(Object.keys(groups).sort()).toEqual(Object.keys(expected.by_group).sort());
  const pairs = [[overall, expected.overall] as const].concat(
    Object.entries(expected.by_group).map(([name, group]) => [groups[name], group] as const),
  );
  for (const [metrics, group] of pairs) {
    expect(metrics.n).toBe(group.n);
    close(rateValue(metrics.selectionRate), group.sel);
    close(rateValue(metrics.truePositiveRate), group.tpr);
    close(rateValue(metrics.falsePositiveRate), group.fpr);
    close(rateValue(metrics.accuracy), group.acc);
  }
});
