import { ok, type Result } from '../../shared/core/result.ts';
import {
  type FairnessFindings,
  fairnessReport,
} from '../../shared/report/kinds/fairness-report.ts';
import type { Mitigation } from '../../shared/report/kinds/mitigation-section.ts';
import { RATE_NAMES } from '../../shared/report/kinds/rate-words.ts';
import {
  type BiasDrift,
  type BiasDriftError,
  biasDrift,
} from '../../shared/stats/fairness/bias-drift.ts';
import {
  calibrationByGroup,
  calibrationDisparity,
} from '../../shared/stats/fairness/calibration-by-group.ts';
import { GROUP_RATES, groupDifferences } from '../../shared/stats/fairness/group-differences.ts';
import { type Decisions, measureFairness } from '../../shared/stats/fairness/group-metrics.ts';
import { reporting } from '../command.ts';
import { type CliFailure, failed } from '../failure.ts';
import { describeFairness, fairnessJson } from './fairness-answer.ts';
import { type MitigationMethod, mitigate } from './fairness-mitigation.ts';
import { findColumn, readColumns, readProbabilities, type TextColumns } from './read-columns.ts';
import { type ReportFlags, writeReport } from './write-report.ts';

export type FairnessFlags = ReportFlags & {
  data: string;
  truth: string;
  prediction: string;
  sensitive: string;
  positive: string;
  minGroupSize: number;
  chunk?: number;
  probability?: string;
  mitigate?: MitigationMethod;
  json: boolean;
};

/** Group metrics and disparities of binary decisions in a CSV. */
export const runFairness = reporting<FairnessFlags, []>(async ({ context, flags }) => {
  const table = await readColumns(context, flags.data);
  if (!table.ok) return table;
  const decisions = readDecisions(table.value, flags);
  if (!decisions.ok) return decisions;
  const { minGroupSize, chunk } = flags;
  const report = measureFairness(decisions.value, { minGroupSize });
  if (!report.ok) return failed('rows', `${flags.data} has no rows.`);
  const calibration = calibrationOf(table.value, decisions.value, flags);
  if (!calibration.ok) return calibration;
  const mitigation = mitigationOf(table.value, decisions.value, flags);
  if (!mitigation.ok) return mitigation;
  const time = chunk === undefined ? null : followRates(windowsOf(decisions.value, chunk));
  const findings: FairnessFindings = {
    report: report.value,
    differences: groupDifferences(report.value),
    overTime: time?.followed ?? [],
    calibration: calibration.value,
    remarks: time?.remarks ?? [],
    mitigation: mitigation.value,
  };
  const written = await writeReport(context, flags, () =>
    fairnessReport(findings, {
      title: `Fairness of ${flags.prediction} by ${flags.sensitive}`,
      subject: `${flags.data}: ${report.value.overall.n} rows, ${flags.prediction} held against ${flags.truth}, ${flags.positive} means yes`,
    }),
  );
  if (!written.ok) return written;
  return ok({ json: fairnessJson(findings, chunk), sentences: describeFairness(findings) });
});

/** What would treat the groups alike, where that is asked for. */
function mitigationOf(
  table: TextColumns,
  decisions: Decisions,
  { data, probability, mitigate: method }: FairnessFlags,
): Result<Mitigation | null, CliFailure> {
  if (method === undefined) return ok(null);
  if (probability === undefined) return mitigate(method, decisions, null);
  const probabilities = readProbabilities(table, probability, data);
  return probabilities.ok ? mitigate(method, decisions, probabilities.value) : probabilities;
}

/** What probabilities mean in each group, where a column of them is given. */
function calibrationOf(
  table: TextColumns,
  { truth, groups }: Decisions,
  { data, probability }: FairnessFlags,
): Result<FairnessFindings['calibration'], CliFailure> {
  if (probability === undefined) return ok(null);
  const probabilities = readProbabilities(table, probability, data);
  if (!probabilities.ok) return probabilities;
  const labels = truth.map((isTrue) => (isTrue ? 1 : 0));
  const byGroup = calibrationByGroup({ probabilities: probabilities.value, labels, groups });
  return ok({ groups: byGroup, disparity: calibrationDisparity(byGroup) });
}

/** Rows in their order, `size` at a time. */
function windowsOf({ truth, prediction, groups }: Decisions, size: number): Decisions[] {
  return Array.from({ length: Math.ceil(truth.length / size) }, (_, i) => {
    const [from, to] = [i * size, (i + 1) * size];
    return {
      truth: truth.slice(from, to),
      prediction: prediction.slice(from, to),
      groups: groups.slice(from, to),
    };
  });
}

function followRates(windows: readonly Decisions[]): { followed: BiasDrift[]; remarks: string[] } {
  const followed: BiasDrift[] = [];
  const remarks: string[] = [];
  for (const rate of GROUP_RATES) {
    const drift = biasDrift(windows, { rate, rates: GROUP_RATES.length });
    if (drift.ok) followed.push(drift.value);
    else
      remarks.push(
        `${RATE_NAMES[rate]} is not followed over time: ${WHY_NOT[drift.error.reason]}.`,
      );
  }
  return { followed, remarks };
}

const WHY_NOT: Record<BiasDriftError['reason'], string> = {
  no_two_groups: 'no two groups have it',
  too_few_windows: 'fewer than three windows hold 20 rows of both groups',
};

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
