import type { ColumnEvidence } from '../../table/column-evidence.ts';
import type { InferredColumn } from '../../table/infer-column.ts';
import { type ColumnValues, looksLikeId, type TableValues } from './column-values.ts';
import { type NumberSummary, summariseNumbers } from './number-summary.ts';
import type { ColumnQuality, LevelShare } from './quality-report.ts';

const KEPT_LEVELS = 10;
/** A column of more values than this is not one of classes. */
const MOST_CLASSES = 20;

/** What is to be said of one column by itself. */
export function columnQuality(
  { evidence, inferred }: { evidence: ColumnEvidence; inferred: InferredColumn },
  values: ColumnValues,
  { stride, fileRows }: Pick<TableValues, 'stride' | 'fileRows'>,
): ColumnQuality {
  const rowOf = (index: number): number => fileRows?.[index * stride] ?? index * stride + 1;
  const { name, type, why, missing, rows, examples } = inferred;
  const isOfNumbers = type === 'number';
  const summary =
    isOfNumbers && values.type === 'number' ? summariseNumbers(values.values, rowOf) : null;
  const distinct = distinctOf(evidence, { values, numbers: summary, stride });
  const { present, numbers, infinities, missingWords, levels } = evidence;
  return {
    ...{ name, type, why, present: rows - missing, missing, examples, ...distinct },
    missingShare: rows === 0 ? 0 : missing / rows,
    isConstant: distinct.distinct === 1,
    isId: looksLikeId(why),
    infinities,
    notNumbers: isOfNumbers ? present - numbers - infinities - missingWords : 0,
    numbers: summary,
    levels: values.type === 'text' && present > 0 ? mostFrequent(levels, present) : null,
    topShare: evidence.isLevelsComplete && present > 0 ? mostRows(levels) / present : null,
    imbalance: imbalanceOf(evidence),
  };
}

/** A pass in bounded memory stops counting at some number: by value, they are counted again. */
function distinctOf(
  evidence: ColumnEvidence,
  {
    values,
    numbers,
    stride,
  }: { values: ColumnValues; numbers: NumberSummary | null; stride: number },
): Pick<ColumnQuality, 'distinct' | 'isDistinctExact'> {
  if (numbers !== null) return { distinct: numbers.different, isDistinctExact: stride === 1 };
  if (evidence.isLevelsComplete) return { distinct: evidence.levels.size, isDistinctExact: true };
  const distinct = values.type === 'text' ? values.levels.length : evidence.levels.size;
  return { distinct, isDistinctExact: stride === 1 && values.type === 'text' };
}

/** The most frequent levels, ties in code unit order. */
export function mostFrequent(levels: ReadonlyMap<string, number>, present: number): LevelShare[] {
  return [...levels]
    .sort(([a, rowsOfA], [b, rowsOfB]) => rowsOfB - rowsOfA || (a < b ? -1 : 1))
    .slice(0, KEPT_LEVELS)
    .map(([value, rows]) => ({ value: value.slice(0, 60), rows, share: rows / present }));
}

function imbalanceOf({ levels, isLevelsComplete }: ColumnEvidence): number | null {
  if (!isLevelsComplete || levels.size < 2 || levels.size > MOST_CLASSES) return null;
  return mostRows(levels) / Math.min(...levels.values());
}

function mostRows(levels: ReadonlyMap<string, number>): number {
  let most = 0;
  for (const rows of levels.values()) if (rows > most) most = rows;
  return most;
}
