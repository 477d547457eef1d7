import { describeTableIssue } from '../../table/read-table.ts';
import { columnFindings } from './column-findings.ts';
import type { ColumnQuality, Finding, QualityReport, TargetQuality } from './quality-report.ts';

/** A class this rare needs to be told apart from noise. */
const LEAST_CLASS_SHARE = 0.1;
/** One column alone that foretells so well may know the answer, or does. */
const SUSPECTED = { roc_auc: 0.96, r2: 0.9 } as const;
const LEAKING = { roc_auc: 0.99, r2: 0.98 } as const;
const SCORES = { roc_auc: 'ROC-AUC', r2: 'R2 of ranks' } as const;

const TOLD_PAIRS = 30;

const ORDER = { error: 0, warning: 1, note: 2 } as const;

/** What stands in the way of learning, in sentences, the worst first. */
export function findingsOf(report: Omit<QualityReport, 'findings'>): Finding[] {
  const found = [
    ...fileFindings(report),
    ...targetFindings(report),
    ...report.columns.flatMap((column) => ownFindings(column, report.target)),
    ...duplicateFindings(report),
    ...associationFindings(report),
  ];
  return found
    .map((finding, i) => ({ finding, i }))
    .sort((a, b) => ORDER[a.finding.severity] - ORDER[b.finding.severity] || a.i - b.i)
    .map(({ finding }) => finding);
}

/** Of the target, how its classes are balanced is told already. */
const ownFindings = (column: ColumnQuality, target: TargetQuality | null): Finding[] =>
  columnFindings(column).filter(
    ({ kind }) => column.name !== target?.name || (kind !== 'imbalance' && kind !== 'missing'),
  );

function fileFindings({ fileIssues, fileIssueCount }: Omit<QualityReport, 'findings'>): Finding[] {
  const found = fileIssues.map((issue): Finding => {
    const sentence = `${describeTableIssue(issue)}.`;
    return { severity: 'error', kind: 'file', column: issue.column, sentence };
  });
  const more = fileIssueCount - fileIssues.length;
  if (more > 0)
    found.push({
      ...{ severity: 'error', kind: 'file', column: null },
      sentence: `${more} more of that kind.`,
    });
  return found;
}

function targetFindings({ target, rows }: Omit<QualityReport, 'findings'>): Finding[] {
  if (target === null) return [];
  const { name, classes, missing, imbalance } = target;
  const found: Finding[] = [];
  const add = (severity: Finding['severity'], kind: Finding['kind'], sentence: string) =>
    found.push({ severity, kind, column: name, sentence });
  if (missing > 0)
    add(
      'warning',
      'target_missing',
      `The target ${name} is missing in ${missing} of ${rows} rows: nothing is learnt from them.`,
    );
  if (classes?.length === 1)
    add(
      'error',
      'constant',
      `The target ${name} is "${classes[0].value}" in every row: there is nothing to tell apart.`,
    );
  const smallest = classes?.[classes.length - 1];
  if (smallest && imbalance !== null && smallest.share < LEAST_CLASS_SHARE)
    add(
      'warning',
      'imbalance',
      `The classes of ${name} are not balanced: "${smallest.value}" has ${smallest.rows} rows (${percent(smallest.share)}), the largest class ${round(imbalance)} times as many. Judge by PR-AUC rather than by accuracy.`,
    );
  for (const { column, metric, value } of target.singleColumns)
    if (value >= SUSPECTED[metric])
      found.push({
        ...{ severity: value >= LEAKING[metric] ? 'error' : 'warning', kind: 'leakage', column },
        sentence: `${column} alone foretells ${name} (${SCORES[metric]} ${value.toFixed(3)}): is it known before ${name} is?`,
      });
  return found;
}

function duplicateFindings({
  duplicates,
  duplicatesWithoutIds,
  rows,
}: Omit<QualityReport, 'findings'>): Finding[] {
  const found: Finding[] = [];
  const add = (count: number, sentence: string) =>
    found.push({
      ...{ severity: count / rows >= 0.01 ? 'warning' : 'note', kind: 'duplicates', column: null },
      sentence,
    });
  const first = duplicates.examples[0];
  if (first)
    add(
      duplicates.rows,
      `${rowsOf(duplicates.rows)} equal to an earlier one (row ${first.row} to row ${first.sameAs}): keep copies out of the test part.`,
    );
  const more = (duplicatesWithoutIds?.rows ?? 0) - duplicates.rows;
  if (more > 0) add(more, `${rowsOf(more)} equal to an earlier one but for the id.`);
  return found;
}

function associationFindings({ associated, target }: Omit<QualityReport, 'findings'>): Finding[] {
  const pairs = associated.pairs
    .filter(({ a, b }) => target === null || (a !== target.name && b !== target.name))
    .slice(0, TOLD_PAIRS);
  const found = pairs.map(
    ({ a, b, method, value }): Finding => ({
      ...{ severity: 'note', kind: 'associated', column: b },
      sentence: `${a} and ${b} say almost the same (${NAMES[method]} ${value.toFixed(3)}): one of them will do, unless one is the answer.`,
    }),
  );
  if (pairs.length === TOLD_PAIRS && associated.count > TOLD_PAIRS)
    found.push({
      ...{ severity: 'note', kind: 'associated', column: null },
      sentence: `${associated.count} pairs of columns say almost the same.`,
    });
  return found;
}

const NAMES = {
  pearson: "Pearson's correlation",
  spearman: 'rank correlation',
  uncertainty: 'uncertainty coefficient',
} as const;

const rowsOf = (rows: number): string => (rows === 1 ? '1 row is' : `${rows} rows are`);

/** A share as people read it. */
export const percent = (share: number): string => `${round(share * 100)} %`;

const round = (value: number): string => String(Number(value.toPrecision(3)));
