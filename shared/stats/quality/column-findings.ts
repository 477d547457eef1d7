import type { ColumnQuality, Finding } from './quality-report.ts';

const MUCH_MISSING = 0.05;
const MOSTLY_MISSING = 0.5;
/** A value this frequent leaves little to learn from the others. */
const NEAR_CONSTANT = 0.99;
/** A column with more outliers than this has a long tail rather than mistakes. */
const MANY_OUTLIERS = 0.05;
const MANY_LEVELS = 100;
/** A yes or no this one-sided needs care where it is what is predicted. */
const IMBALANCED = 0.9;

/** What stands in the way of learning from one column. */
export function columnFindings(column: ColumnQuality): Finding[] {
  const { name } = column;
  const found = (
    severity: Finding['severity'],
    kind: Finding['kind'],
    sentence: string,
  ): Finding[] => [{ severity, kind, column: name, sentence }];
  if (column.type === 'empty')
    return found('warning', 'empty', `${name} has no values: leave it out.`);
  if (column.isConstant && column.missing === 0)
    return found(
      'warning',
      'constant',
      `${name} is "${column.examples[0]}" in every row: leave it out.`,
    );
  return [
    ...cellFindings(column, found),
    ...missingFindings(column, found),
    ...(column.isId
      ? found(
          'warning',
          'id',
          `${name} looks like an id (${column.why.slice('an id: '.length)}): leave it out.`,
        )
      : []),
    ...(column.type === 'text' && !column.isId
      ? found('note', 'free_text', `${name} is free text: it is not learnt from as it is.`)
      : []),
    ...levelFindings(column, found),
    ...outlierFindings(column, found),
  ];
}

type Found = (severity: Finding['severity'], kind: Finding['kind'], sentence: string) => Finding[];

function cellFindings({ name, infinities, notNumbers }: ColumnQuality, found: Found): Finding[] {
  return [
    ...(infinities > 0
      ? found(
          'error',
          'infinite',
          `${name} has ${infinities} infinite numbers: none can be learnt from.`,
        )
      : []),
    ...(notNumbers > 0
      ? found('error', 'not_numbers', `${name} is of numbers, but ${notNumbers} cells are words.`)
      : []),
  ];
}

function missingFindings({ name, missing, missingShare }: ColumnQuality, found: Found): Finding[] {
  if (missing === 0) return [];
  const sentence = `${name} is missing in ${missing} rows (${Number((missingShare * 100).toPrecision(3))} %)`;
  if (missingShare >= MOSTLY_MISSING)
    return found('warning', 'missing', `${sentence}: ask whether it is worth keeping.`);
  return found(missingShare >= MUCH_MISSING ? 'warning' : 'note', 'missing', `${sentence}.`);
}

function levelFindings(
  { name, type, topShare, distinct, isId }: ColumnQuality,
  found: Found,
): Finding[] {
  return [
    ...(topShare !== null && topShare >= NEAR_CONSTANT && distinct > 1
      ? found(
          'note',
          'near_constant',
          `${name} is the same in ${Number((topShare * 100).toPrecision(4))} % of its rows.`,
        )
      : []),
    ...(type === 'boolean' && topShare !== null && topShare > IMBALANCED && topShare < NEAR_CONSTANT
      ? found(
          'note',
          'imbalance',
          `${name} is the same in ${Number((topShare * 100).toPrecision(4))} % of its rows: if it is to be predicted, its classes are not balanced.`,
        )
      : []),
    ...(type === 'category' && distinct > MANY_LEVELS && !isId
      ? found(
          'note',
          'many_levels',
          `${name} has ${distinct} different values: an encoding by the target or by frequency suits it better than one column each.`,
        )
      : []),
  ];
}

function outlierFindings({ name, numbers, present, isId }: ColumnQuality, found: Found): Finding[] {
  if (numbers === null || isId) return [];
  const { outliers, min, max, median } = numbers;
  const count = outliers.mad ?? outliers.iqr ?? 0;
  const [farthest] = outliers.examples;
  if (count === 0 || !farthest) return [];
  const by = outliers.mad === null ? 'beyond 1.5 interquartile ranges' : 'by median deviation';
  const range = `${shown(min)} to ${shown(max)}, half of them below ${shown(median)}`;
  const sentence = `${name} has ${count} outliers ${by} (from ${range}; farthest: ${shown(farthest.value)} in row ${farthest.row})`;
  if (count < MANY_OUTLIERS * present) return found('note', 'outliers', `${sentence}.`);
  return found('note', 'skewed', `${sentence}: so many are a long tail rather than mistakes.`);
}

const shown = (value: number): string => String(Number(value.toPrecision(5)));
