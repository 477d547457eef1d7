import { isMissingMark, isNumberText } from '../../table/cell.ts';
import { createCsvRows } from '../../table/csv-rows.ts';
import { dateOrder } from '../../table/infer-column.ts';
import { createTableIssues } from '../../table/table-issues.ts';
import { parseTime } from '../../table/time-part.ts';
import { createRowHash } from './row-hash.ts';
import type { Survey } from './survey.ts';

/** The values of one column in the kept rows: numbers, points in time in ms, or codes of texts. */
export type ColumnValues =
  | { type: 'number'; values: Float64Array }
  | { type: 'text'; codes: Int32Array; levels: string[] };

export type TableValues = {
  columns: ColumnValues[];
  /** Rows whose values were kept: every `stride`-th, so that memory is bounded. */
  rows: number;
  stride: number;
  /** The row of the file, from 1, that each sound row is; null where all rows are sound. */
  fileRows: Uint32Array | null;
  /** Of every row. */
  hashes: Float64Array;
  /** Of every row, but for columns that look like ids; null where there are none. */
  hashesWithoutIds: Float64Array | null;
};

const MOST_CELLS = 40_000_000;

/** The second pass over the file that was surveyed: its values, within 320 MB. */
export function createValuesReader(survey: Survey, mostCells: number = MOST_CELLS) {
  const width = survey.columns.length;
  const stride = Math.max(1, Math.ceil((survey.rows * width) / mostCells));
  const kept = Math.ceil(survey.rows / stride);
  const writers = survey.columns.map((column) => columnWriter(column, kept));
  const isId = survey.columns.map(({ inferred }) => looksLikeId(inferred.why));
  const hashes = new Float64Array(survey.rows);
  const hashesWithoutIds = isId.includes(true) ? new Float64Array(survey.rows) : null;
  const whole = createRowHash();
  const withoutIds = createRowHash();
  const fileRows = survey.fileIssueCount > 0 ? new Uint32Array(survey.rows) : null;
  let row = 0;
  const csv = createCsvRows({
    issues: createTableIssues(),
    onHeader: () => undefined,
    onRow: (cells, fileRow) => {
      for (let i = 0; i < width; i++) {
        const text = cells[i].trim();
        whole.add(text);
        if (!isId[i]) withoutIds.add(text);
        if (row % stride === 0) writers[i].take(row / stride, isMissingMark(text) ? '' : text);
      }
      hashes[row] = whole.end();
      if (hashesWithoutIds) hashesWithoutIds[row] = withoutIds.end();
      if (fileRows) fileRows[row] = fileRow;
      row++;
    },
  });
  return {
    push: (text: string): void => csv.push(text),
    end(): TableValues {
      csv.end();
      const columns = writers.map((writer) => writer.column);
      return { columns, rows: kept, stride, fileRows, hashes, hashesWithoutIds };
    },
  };
}

/** The reason that the inference gives to columns that name their rows. */
export const looksLikeId = (why: string): boolean => why.startsWith('an id');

type ColumnWriter = { column: ColumnValues; take(row: number, text: string): void };

function columnWriter(
  { inferred: { type }, evidence }: Survey['columns'][number],
  rows: number,
): ColumnWriter {
  if (type === 'number')
    return numberWriter(rows, (text) =>
      finiteOrNaN(isNumberText(text) ? Number(text) : Number.NaN),
    );
  if (type === 'time') {
    const order = dateOrder(evidence) ?? 'year_first';
    return numberWriter(rows, (text) => parseTime(text, order) ?? Number.NaN);
  }
  const codes = new Int32Array(rows).fill(-1);
  const levels: string[] = [];
  const codeOf = new Map<string, number>();
  return {
    column: { type: 'text', codes, levels },
    take(row, text) {
      if (text === '') return;
      let code = codeOf.get(text);
      if (code === undefined) {
        code = levels.push(text) - 1;
        codeOf.set(text, code);
      }
      codes[row] = code;
    },
  };
}

/** `1e999` is infinite, and no value to reckon with. */
const finiteOrNaN = (value: number): number => (Number.isFinite(value) ? value : Number.NaN);

function numberWriter(rows: number, parse: (text: string) => number): ColumnWriter {
  const values = new Float64Array(rows).fill(Number.NaN);
  return {
    column: { type: 'number', values },
    take(row, text) {
      if (text !== '') values[row] = parse(text);
    },
  };
}
