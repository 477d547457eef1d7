import { assert } from '../../shared/core/assert.ts';
import { ok, type Result } from '../../shared/core/result.ts';
import type {
  GroupStanding,
  Mitigation,
  Standing,
  WeightCell,
} from '../../shared/report/kinds/mitigation-section.ts';
import {
  type Decisions,
  type FairnessReport,
  measureFairness,
} from '../../shared/stats/fairness/group-metrics.ts';
import {
  applyThresholds,
  optimiseThresholds,
  reweigh,
} from '../../shared/stats/fairness/mitigation.ts';
import { type CliFailure, failed } from '../failure.ts';

/** reweighing: weights to train with. The others: thresholds by group that bring this rate together. */
export const MITIGATIONS = ['reweighing', 'demographic_parity', 'equal_opportunity'] as const;
export type MitigationMethod = (typeof MITIGATIONS)[number];

/** What would treat the groups alike: weights for the next training, or thresholds for the probabilities at hand. */
export function mitigate(
  method: MitigationMethod,
  decisions: Decisions,
  probabilities: readonly number[] | null,
): Result<Mitigation, CliFailure> {
  if (method === 'reweighing') return ok({ method, weights: weightsOf(decisions) });
  if (probabilities === null)
    return failed('wrong_usage', `--mitigate ${method} needs --probability.`);
  const { truth, groups } = decisions;
  const found = optimiseThresholds({ truth, scores: probabilities, groups }, method);
  if (!found)
    return failed(
      'rows',
      'A group has no row whose truth is yes: its true positive rate is unknown.',
    );
  const prediction = applyThresholds(probabilities, groups, found);
  const thresholds = Object.entries(found.thresholds).map(
    ([group, threshold]): [string, number | null] => [
      group,
      Number.isFinite(threshold) ? threshold : null,
    ],
  );
  const sides = { before: measured(decisions), after: measured({ truth, groups, prediction }) };
  return ok({
    method: 'thresholds',
    constraint: method,
    thresholds: Object.fromEntries(thresholds),
    rate: found.rate,
    before: standingOf(sides.before),
    after: standingOf(sides.after),
    groups: groupStandings(method, sides),
  });
}

/** Rows were read, or nothing would be mitigated. */
function measured(decisions: Decisions): FairnessReport {
  const report = measureFairness(decisions);
  assert(report.ok, 'decisions without rows');
  return report.value;
}

function groupStandings(
  method: Exclude<MitigationMethod, 'reweighing'>,
  { before, after }: { before: FairnessReport; after: FairnessReport },
): (Mitigation & { method: 'thresholds' })['groups'] {
  const rate = method === 'demographic_parity' ? 'selectionRate' : 'truePositiveRate';
  const of = (report: FairnessReport, group: string): GroupStanding => ({
    rate: report.groups[group][rate]?.value ?? null,
    accuracy: report.groups[group].accuracy?.value ?? null,
  });
  return Object.fromEntries(
    Object.entries(before.groups).map(([group, { n }]) => [
      group,
      { n, before: of(before, group), after: of(after, group) },
    ]),
  );
}

function weightsOf({ truth, groups }: Decisions): WeightCell[] {
  const weights = reweigh(truth, groups);
  const cells = new Map<string, WeightCell>();
  groups.forEach((group, i) => {
    const key = `${truth[i]} ${group}`;
    const cell = cells.get(key) ?? { group, positive: truth[i], n: 0, weight: weights[i] };
    cell.n++;
    cells.set(key, cell);
  });
  return [...cells.values()].sort((a, b) =>
    a.group < b.group ? -1 : a.group > b.group ? 1 : Number(a.positive) - Number(b.positive),
  );
}

const standingOf = (report: FairnessReport): Standing => ({
  accuracy: report.overall.accuracy?.value ?? null,
  demographicParityDifference: report.demographicParity?.difference ?? null,
  equalOpportunityDifference: report.equalOpportunity?.difference ?? null,
});

const show = (value: number | null): string =>
  value === null ? 'unknown' : String(Number(value.toPrecision(3)));

/** Groups told one by one: the largest. */
const MOST_TOLD = 10;

export function describeMitigation(mitigation: Mitigation): string[] {
  if (mitigation.method === 'reweighing')
    return firstOf(
      [...mitigation.weights].sort((a, b) => b.n - a.n),
      ({ group, positive, n, weight }) =>
        `Train with weight ${show(weight)} on the ${n} rows of ${group} whose truth is ${positive ? 'yes' : 'no'}.`,
    );
  const { before, after, thresholds, groups } = mitigation;
  const named =
    mitigation.constraint === 'demographic_parity'
      ? ('demographicParityDifference' as const)
      : ('equalOpportunityDifference' as const);
  const moved = `Difference ${show(before[named])} -> ${show(after[named])}, accuracy ${show(before.accuracy)} -> ${show(after.accuracy)}, on these rows.`;
  const largest = Object.entries(thresholds).sort(([a], [b]) => groups[b].n - groups[a].n);
  const byGroup = firstOf(largest, ([group, threshold]) =>
    threshold === null ? `${group}: never yes` : `${group}: yes from ${show(threshold)}`,
  );
  return [moved, ...byGroup];
}

function firstOf<Item>(items: readonly Item[], tell: (item: Item) => string): string[] {
  const told = items.slice(0, MOST_TOLD).map(tell);
  const left = items.length - told.length;
  return left > 0 ? [...told, `${left} more: see --json.`] : told;
}
