import { associatedPairs } from './association.ts';
import { columnQuality } from './column-quality.ts';
import type { TableValues } from './column-values.ts';
import { findingsOf } from './findings.ts';
import type { QualityReport } from './quality-report.ts';
import { findDuplicates } from './row-hash.ts';
import type { Survey } from './survey.ts';
import { targetQuality } from './target-quality.ts';

/** Columns associated more than this say almost the same. */
const LEAST_ASSOCIATION = 0.98;

/**
 * Meaning: what a file is like before anything is learnt from it. Outliers, quartiles and
 * associations are of the rows whose values were kept, counts of all rows.
 * @param target name of the column that is to be predicted, if it is known: with it classes are
 * counted, and columns that know the answer are named
 */
export function assessQuality(
  survey: Survey,
  values: TableValues,
  target: string | null = null,
): QualityReport {
  const columns = survey.columns.map((column, i) =>
    columnQuality(column, values.columns[i], values),
  );
  const missingCells = columns.reduce((sum, column) => sum + column.missing, 0);
  const names = columns.map((column) => column.name);
  const at = target === null ? -1 : names.indexOf(target);
  const facts = {
    rows: survey.rows,
    columns,
    missingCells,
    missingShare: missingCells / (survey.rows * columns.length),
    duplicates: findDuplicates(values.hashes, values.fileRows),
    duplicatesWithoutIds:
      values.hashesWithoutIds && findDuplicates(values.hashesWithoutIds, values.fileRows),
    associated: associatedPairs(names, values, LEAST_ASSOCIATION),
    target: at < 0 ? null : targetQuality(survey, values, at),
    fileIssues: survey.fileIssues,
    fileIssueCount: survey.fileIssueCount,
    lookedAtRows: values.rows,
  };
  return { ...facts, findings: findingsOf(facts) };
}
