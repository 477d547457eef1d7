import { isNumberText } from './cell.ts';
import type { ColumnEvidence } from './column-evidence.ts';
import { factsOf, type InferredColumn, isOfNumbers } from './infer-column.ts';
import type { TableIssues } from './table-issues.ts';

/** `classification` is two classes or more. */
export type TargetTask = 'regression' | 'binary' | 'multiclass' | 'classification';

/** A target of numbers with more different ones than this is not one of classes. */
const MOST_CLASSES = 1_000;

/**
 * Decides whether the target is a number or a class, as the task asks for or, without a task, by
 * its cells: text and columns of two different numbers are classes. What does not fit is an issue.
 */
export function inferTarget(
  evidence: ColumnEvidence,
  task: TargetTask | null,
  issues: TableIssues,
): { column: InferredColumn; classes: string[] | null } {
  const hasNumbers = isOfNumbers(evidence);
  const isClass = task === null ? !hasNumbers || evidence.levels.size === 2 : task !== 'regression';
  const guessed = task === null ? ', guessed from its cells' : '';
  const refuse = (expected: string, found: string) =>
    issues.add({ row: null, line: 1, column: evidence.name, expected, found });
  if (evidence.present === 0) refuse('a target in at least one row', 'none');
  else if (!isClass && !hasNumbers) refuse('numbers', quoted(evidence.examples));
  const classes = isClass ? classLabels(evidence) : null;
  if (classes !== null && evidence.present > 0) checkClasses(evidence, { classes, task, refuse });
  const why = classes
    ? `the target: ${classes.length} classes${guessed}`
    : `the target: a number${guessed}`;
  const column: InferredColumn = {
    ...factsOf(evidence, classes ? 'category' : 'number'),
    role: 'target',
    why,
    inputs: [],
  };
  return { column, classes };
}

function checkClasses(
  evidence: ColumnEvidence,
  {
    classes,
    task,
    refuse,
  }: {
    classes: readonly string[];
    task: TargetTask | null;
    refuse(expected: string, found: string): void;
  },
): void {
  const found = `${classes.length}${evidence.isLevelsComplete ? '' : ' and more'}: ${quoted(classes.slice(0, 5))}`;
  if (classes.length === 1) refuse('two classes or more', `one: ${quoted(classes)}`);
  else if (task === 'binary' && classes.length !== 2) refuse('two classes', found);
  else if (classes.length > MOST_CLASSES || !evidence.isLevelsComplete)
    refuse(`at most ${MOST_CLASSES} classes`, found);
}

const quoted = (texts: readonly string[]): string => texts.map((text) => `"${text}"`).join(', ');

/** Sorted labels: as numbers where all are (1.0 is 1), else in code unit order. */
function classLabels({ levels, present, numbers }: ColumnEvidence): string[] {
  const labels = [...levels.keys()];
  if (numbers !== present) return labels.sort();
  const values = new Set(labels.map(Number));
  return [...values].sort((a, b) => a - b).map(String);
}

/** The code of each label; `1.0` is found where `1` is a class. */
export function createClassCodes(classes: readonly string[]): (label: string) => number | null {
  const codeOf = new Map(classes.map((label, code) => [label, code]));
  return (label) =>
    codeOf.get(label) ?? (isNumberText(label) ? codeOf.get(String(Number(label))) : null) ?? null;
}
