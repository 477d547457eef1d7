import type { ColumnEvidence } from '../../table/column-evidence.ts';
import { type ColumnValues, looksLikeId, type TableValues } from './column-values.ts';
import type { TargetQuality } from './quality-report.ts';
import { singleColumnScore } from './single-column-score.ts';
import type { Survey } from './survey.ts';

/** Whole numbers of so few different values are taken to be classes. */
const MOST_NUMBER_CLASSES = 20;
const MOST_CLASSES = 100;

/** What is to be said of the column that is to be predicted. @param at its index */
export function targetQuality(survey: Survey, values: TableValues, at: number): TargetQuality {
  const { evidence, inferred } = survey.columns[at];
  const classes = isOfClasses(evidence) ? classShares(evidence) : null;
  const target = classes ? asClasses(values.columns[at]) : values.columns[at];
  const counts = classes?.map(({ rows }) => rows) ?? [];
  return {
    name: evidence.name,
    kind: classes ? 'classes' : 'number',
    missing: inferred.missing,
    classes,
    imbalance: counts.length > 1 ? counts[0] / counts[counts.length - 1] : null,
    singleColumns:
      classes && classes.length > MOST_CLASSES ? [] : scores(survey, values, { at, target }),
  };
}

function scores(
  survey: Survey,
  values: TableValues,
  { at, target }: { at: number; target: ColumnValues },
): TargetQuality['singleColumns'] {
  return survey.columns
    .flatMap(({ inferred }, i) => {
      // An id foretells nothing in rows it was not seen in.
      if (i === at || looksLikeId(inferred.why)) return [];
      const score = singleColumnScore(values.columns[i], target);
      return score === null ? [] : [{ column: inferred.name, ...score }];
    })
    .sort((a, b) => b.value - a.value);
}

function isOfClasses({
  numbers,
  present,
  whole,
  levels,
  isLevelsComplete,
}: ColumnEvidence): boolean {
  if (numbers < present) return true;
  return isLevelsComplete && whole === numbers && levels.size <= MOST_NUMBER_CLASSES;
}

/** All classes, the largest first. */
const classShares = ({ levels, present }: ColumnEvidence) =>
  [...levels]
    .sort(([a, rowsOfA], [b, rowsOfB]) => rowsOfB - rowsOfA || (a < b ? -1 : 1))
    .map(([value, rows]) => ({ value: value.slice(0, 60), rows, share: rows / present }));

function asClasses(column: ColumnValues): ColumnValues {
  if (column.type === 'text') return column;
  const codeOf = new Map<number, number>();
  const codes = Int32Array.from(column.values, (value) => {
    if (Number.isNaN(value)) return -1;
    const code = codeOf.get(value) ?? codeOf.size;
    codeOf.set(value, code);
    return code;
  });
  return { type: 'text', codes, levels: [...codeOf.keys()].map(String) };
}
