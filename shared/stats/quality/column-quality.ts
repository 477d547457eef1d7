import type { ColumnEvidence } from '../../table/column-evidence.ts';
import type { InferredColumn } from '../../table/infer-column.ts';
import { type ColumnValues, looksLikeId, type TableValues } from './column-values.ts';
import { summariseNumbers } from './number-summary.ts';
import type { ColumnQuality, LevelShare } from './quality-report.ts';

const KEPT_LEVELS = 10;

/** What is to be said of one column by itself. */
export function columnQuality(
  { evidence, inferred }: { evidence: ColumnEvidence; inferred: InferredColumn },
  values: ColumnValues,
  { stride, fileRows }: Pick<TableValues, 'stride' | 'fileRows'>,
): ColumnQuality {
  const rowOf = (index: number): number => fileRows?.[index * stride] ?? index * stride + 1;
  const { name, type, why, missing, rows, examples } = inferred;
  const distinct = distinctOf({ evidence, inferred }, values, stride);
  const isOfNumbers = type === 'number';
  const { present, numbers, infinities, missingWords, levels } = evidence;
  return {
    ...{ name, type, why, present: rows - missing, missing, examples, ...distinct },
    missingShare: rows === 0 ? 0 : missing / rows,
    isConstant: distinct.distinct === 1,
    isId: looksLikeId(why),
    infinities,
    notNumbers: isOfNumbers ? present - numbers - infinities - missingWords : 0,
    numbers:
      isOfNumbers && values.type === 'number' ? summariseNumbers(values.values, rowOf) : null,
    levels: values.type === 'text' && present > 0 ? mostFrequent(levels, present) : null,
    topShare: evidence.isLevelsComplete && present > 0 ? mostRows(levels) / present : null,
  };
}

/** A pass in bounded memory stops counting numbers at a thousand: they are counted again by value. */
function distinctOf(
  { evidence, inferred }: { evidence: ColumnEvidence; inferred: InferredColumn },
  values: ColumnValues,
  stride: number,
): Pick<ColumnQuality, 'distinct' | 'isDistinctExact'> {
  if (evidence.isLevelsComplete && inferred.type !== 'number')
    return { distinct: inferred.distinct, isDistinctExact: true };
  if (values.type === 'text')
    return { distinct: values.levels.length, isDistinctExact: stride === 1 };
  const sorted = values.values.filter(Number.isFinite).sort();
  let distinct = Math.min(1, sorted.length);
  for (let i = 1; i < sorted.length; i++) if (sorted[i] !== sorted[i - 1]) distinct++;
  return { distinct, isDistinctExact: stride === 1 };
}

/** The most frequent levels, ties in code unit order. */
export function mostFrequent(levels: ReadonlyMap<string, number>, present: number): LevelShare[] {
  return [...levels]
    .sort(([a, rowsOfA], [b, rowsOfB]) => rowsOfB - rowsOfA || (a < b ? -1 : 1))
    .slice(0, KEPT_LEVELS)
    .map(([value, rows]) => ({ value: value.slice(0, 60), rows, share: rows / present }));
}

function mostRows(levels: ReadonlyMap<string, number>): number {
  let most = 0;
  for (const rows of levels.values()) if (rows > most) most = rows;
  return most;
}
