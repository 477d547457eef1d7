import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { ok } from '../../shared/core/result.ts';
import { qualityReport } from '../../shared/report/kinds/quality-report.ts';
import { assessQuality } from '../../shared/stats/quality/assess-quality.ts';
import { createValuesReader } from '../../shared/stats/quality/column-values.ts';
import type {
  ColumnQuality,
  Finding,
  QualityReport,
} from '../../shared/stats/quality/quality-report.ts';
import { createSurvey } from '../../shared/stats/quality/survey.ts';
import { reporting } from '../command.ts';
import { failed } from '../failure.ts';
import { checkReport, type ReportFlags, writeReport } from '../stats/write-report.ts';
import { type Progress, startProgress } from './progress.ts';
import { pushFile } from './push-file.ts';
import { refusedTable } from './read-pieces.ts';

export type QualityFlags = ReportFlags & { target?: string; json: boolean };

/** Reads a CSV or a Parquet file twice, piece by piece, and tells what it is like. */
export const runQuality = reporting<QualityFlags, [string]>(
  async ({ context, flags, tell }, file) => {
    const path = resolve(context.cwd, file);
    const writable = await checkReport(context, flags, [path]);
    if (!writable.ok) return writable;
    const survey = createSurvey();
    const progress = startProgress(context);
    const told = await tellingProgress(progress, path);
    const first = await pushFile(path, { name: file, push: told(survey.push, 0) });
    progress.end();
    if (!first.ok) return first;
    const surveyed = survey.end();
    if (!surveyed.ok) return refusedTable(file, surveyed.error);
    const names = surveyed.value.columns.map(({ inferred }) => inferred.name);
    if (flags.target !== undefined && !names.includes(flags.target))
      return failed('rows', `${file} has no column "${flags.target}".`, [
        `It has: ${names.join(', ')}`,
      ]);
    tell(`${file}: ${surveyed.value.rows} rows, ${names.length} columns.`);
    const values = createValuesReader(surveyed.value);
    const second = await pushFile(path, { name: file, push: told(values.push, 1) });
    progress.end();
    if (!second.ok) return second;
    const report = assessQuality(surveyed.value, values.end(), flags.target ?? null);
    const title = `Quality of ${basename(file)}`;
    const subject = `${report.rows} rows, ${names.length} columns`;
    const written = await writeReport(context, flags, () =>
      qualityReport(report, { title, subject }),
    );
    if (!written.ok) return written;
    return ok({ json: { file, ...report }, sentences: describe(report) });
  },
);

/** What takes the pieces of a file, shown as it goes: of CSV text, about as long as the file. */
async function tellingProgress(progress: Progress, path: string) {
  // A file that is not there is refused where it is read.
  const sizeBytes = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  return (push: (text: string) => void, reading: 0 | 1) => {
    let readChars = 0;
    return (text: string): void => {
      push(text);
      readChars += text.length;
      const share = Math.min(1, readChars / Math.max(1, sizeBytes));
      progress.show((reading + share) / 2, `read ${reading === 0 ? 'once' : 'twice'}`);
    };
  };
}

function describe(report: QualityReport): string[] {
  const { rows, columns, missingCells, missingShare, findings, lookedAtRows } = report;
  const share = Number((missingShare * 100).toPrecision(3));
  const sample = lookedAtRows < rows ? ` Outliers and pairs are of ${lookedAtRows} of them.` : '';
  const wrong = findings
    .filter(({ kind }) => !isTail(kind) || !hasManyTails(findings))
    .map(({ severity, sentence }) => `${severity}: ${sentence}`);
  if (hasManyTails(findings)) wrong.push(describeTails(columns));
  return [
    `${missingCells} cells are missing (${share} %).${sample}`,
    ...columns.map(describeColumn),
    ...(wrong.length === 0 ? ['Nothing stands in the way of learning from it.'] : wrong),
  ];
}

function describeColumn({
  name,
  type,
  missing,
  distinct,
  isDistinctExact,
  numbers,
  levels,
}: ColumnQuality): string {
  const different = `${isDistinctExact ? '' : 'at least '}${distinct} different`;
  const parts = [type, `${missing} missing`, different];
  if (numbers !== null) {
    const { min, median, max } = numbers;
    parts.push(`${shown(min)} to ${shown(max)}, median ${shown(median)}`);
  } else if (levels !== null && levels.length > 0) {
    const most = levels.slice(0, 3).map(({ value, share }) => `${value} ${shown(share * 100)} %`);
    parts.push(most.join(', '));
  }
  return `  ${name}: ${parts.join('; ')}`;
}

/** With more columns than this, outliers are told in one sentence. */
const MOST_TAILS = 4;

const isTail = (kind: Finding['kind']): boolean => kind === 'outliers' || kind === 'skewed';

const hasManyTails = (findings: readonly Finding[]): boolean =>
  findings.filter(({ kind }) => isTail(kind)).length > MOST_TAILS;

function describeTails(columns: readonly ColumnQuality[]): string {
  const counts = columns
    .map(({ name, numbers }) => ({
      name,
      count: numbers?.outliers.mad ?? numbers?.outliers.iqr ?? 0,
    }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  const most = counts.slice(0, 8).map(({ name, count }) => `${name} ${count}`);
  return `note: ${counts.length} columns have outliers by median deviation, most of all ${most.join(', ')}.`;
}

const shown = (value: number): string => String(Number(value.toPrecision(4)));
