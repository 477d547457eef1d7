import type { FitData, TestFile } from './fit-data.ts';

/** What of the files is not learnt from, or not known to the model. */
export type LeftOut = {
  /** Rows whose target is missing; null: none. `first` are rows of the file, counted from 1. */
  rowsLeftOut: { column: string; rows: number; first: number[] } | null;
  columnsLeftOut: { column: string; why: string }[];
  /** Of a file to measure on; null: there is none. */
  testFile: {
    unseen: { column: string; cells: number; example: string; row: number }[];
    columnsIgnored: string[];
    rowsLeftOut: { column: string; rows: number; first: number[] } | null;
  } | null;
};

const FIRST = 5;

export function leftOutOf({ inferred, testFile }: FitData): LeftOut {
  const { skipped, report, target } = inferred;
  return {
    rowsLeftOut: withoutTarget(target, skipped),
    columnsLeftOut: report
      .filter(({ role }) => role === 'left_out')
      .map(({ name, why }) => ({ column: name, why })),
    testFile: testFile && {
      ...{ unseen: testFile.unseen, columnsIgnored: [...testFile.ignored] },
      rowsLeftOut: withoutTarget(target, testFile.skipped),
    },
  };
}

const withoutTarget = (target: string | null, skipped: readonly number[]) =>
  target === null || skipped.length === 0
    ? null
    : { column: target, rows: skipped.length, first: skipped.slice(0, FIRST) };

/** A sentence for each. */
export const describeLeftOut = (
  { rowsLeftOut, columnsLeftOut, testFile }: LeftOut,
  file: TestFile | null,
): string[] => [
  ...columnsLeftOut.map(({ column, why }) => `Left out ${column}: ${why}.`),
  ...describeRows(rowsLeftOut),
  ...(testFile === null || file === null
    ? []
    : [
        ...testFile.unseen.map(
          ({ column, cells, example, row }) =>
            `${file.path}, column ${column}: ${cells} ${cells === 1 ? 'cell is' : 'cells are'} of no category that the model learns, ` +
            `as "${example}" in row ${row}.`,
        ),
        ...testFile.columnsIgnored.map(
          (name) => `${file.path}: column ${name} is not in the file to learn from, and not read.`,
        ),
        ...describeRows(testFile.rowsLeftOut, `${file.path}: `),
      ]),
];

function describeRows(left: LeftOut['rowsLeftOut'], place = ''): string[] {
  if (left === null) return [];
  const { column, rows, first } = left;
  const more = rows > first.length ? ', ...' : '';
  const named = `${first.length === 1 ? 'row' : 'rows'} ${first.join(', ')}${more}`;
  return [
    `${place}${rows} ${rows === 1 ? 'row has' : 'rows have'} no target in column ${column} (${named}).`,
  ];
}
