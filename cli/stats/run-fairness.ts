import { ok, type Result } from '../../shared/core/result.ts';
import { createRng } from '../../shared/core/rng.ts';
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
import { groupNames } from './group-names.ts';
import { choosePositive, type LabelColumn } from './positive-label.ts';
import { findColumn, readColumns, readProbabilities, type TextColumns } from './read-columns.ts';
import { type ReportFlags, writeReport } from './write-report.ts';

export type FairnessFlags = ReportFlags & {
  data: string;
  truth: string;
  prediction: string;
  sensitive: string;
  /** Value that means yes; absent: 1, true or yes. */
  positive?: string;
  minGroupSize: number;
  chunk?: number;
  probability?: string;
  mitigate?: MitigationMethod;
  json: boolean;
};

/** Tables of many small groups are drawn from this: the same file gives the same answer. */
const SEED = 42;

/** Group metrics and disparities of binary decisions in a CSV. */
export const runFairness = reporting<FairnessFlags, []>(async ({ context, flags }) => {
  const table = await readColumns(context, flags.data);
  if (!table.ok) return table;
  const read = readDecisions(table.value, flags);
  if (!read.ok) return read;
  const { decisions, positive } = read.value;
  const { minGroupSize, chunk } = flags;
  const report = measureFairness(decisions, { minGroupSize });
  if (!report.ok) return failed('rows', `${flags.data} has no rows.`);
  const calibration = calibrationOf(table.value, decisions, flags);
  if (!calibration.ok) return calibration;
  const mitigation = mitigationOf(table.value, decisions, flags);
  if (!mitigation.ok) return mitigation;
  const time = chunk === undefined ? null : followRates(windowsOf(decisions, chunk));
  const findings: FairnessFindings = {
    report: report.value,
    differences: groupDifferences(report.value, { rng: createRng(SEED) }),
    overTime: time?.followed ?? [],
    calibration: calibration.value,
    remarks: time?.remarks ?? [],
    mitigation: mitigation.value,
  };
  const written = await writeReport(context, flags, () =>
    fairnessReport(findings, {
      title: `Fairness of ${flags.prediction} by ${flags.sensitive}`,
      subject: `${flags.data}: ${report.value.overall.n} rows, ${flags.prediction} held against ${flags.truth}, ${positive} means yes`,
    }),
  );
  if (!written.ok) return written;
  return ok({
    json: fairnessJson(findings, chunk),
    sentences: describeFairness(findings, minGroupSize),
  });
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
  const sample = { probabilities: probabilities.value, labels, groups };
  const byGroup = calibrationByGroup(sample);
  return ok({ groups: byGroup, disparity: calibrationDisparity(byGroup, sample) });
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

function readDecisions(
  table: TextColumns,
  flags: FairnessFlags,
): Result<{ decisions: Decisions; positive: string }, CliFailure> {
  const truth = readLabels(table, flags.truth, flags.data);
  if (!truth.ok) return truth;
  const prediction = readLabels(table, flags.prediction, flags.data);
  if (!prediction.ok) return prediction;
  const attributes: (string | null)[][] = [];
  for (const name of flags.sensitive.split(',')) {
    const cells = findColumn(table, name.trim(), flags.data);
    if (!cells.ok) return cells;
    attributes.push(cells.value);
  }
  const { data: path, positive: asked } = flags;
  const columns = [truth.value, prediction.value];
  const positive = choosePositive(columns, { positive: asked, path });
  if (!positive.ok) return positive;
  const [yes, predicted] = columns.map(({ cells }) => cells.map(positive.value.isYes));
  const decisions = { truth: yes, prediction: predicted, groups: groupNames(attributes) };
  return ok({ decisions, positive: positive.value.label });
}

/** The cells of a column in which none is missing. */
function readLabels(
  table: TextColumns,
  name: string,
  data: string,
): Result<LabelColumn, CliFailure> {
  const given = findColumn(table, name, data);
  if (!given.ok) return given;
  const missing = given.value.indexOf(null);
  if (missing >= 0)
    return failed('rows', `${data} is refused.`, [
      `row ${missing + 1}, column "${name}": expected a label, found nothing`,
    ]);
  return ok({ name, cells: given.value.map((cell) => cell ?? '') });
}
