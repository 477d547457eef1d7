import { type AsyncBuffer, parquetMetadataAsync, parquetScan, parquetSchema } from 'hyparquet';
import { fail, ok, type Result } from '../../core/result.ts';
import { csvCell } from './csv-cell.ts';

export type ParquetError = { reason: 'invalid_parquet'; message: string };

export type PushedParquet = { rows: number; columns: string[] };

const PIECE_ROWS = 1024;

/** Takes the next piece of text; what it returns is waited for. */
export type TakeText = (text: string) => void | Promise<void>;

/**
 * Reads a Parquet file, one row group at a time, as the CSV text it would be: so that whatever reads
 * CSV (inference, a model's schema, quality) reads Parquet by the same rules. Null and NaN are empty
 * cells, infinities `inf`, times ISO 8601 in UTC; lists, maps and structs their JSON. Codecs: none,
 * snappy. Cost: memory of one row group.
 * @param push takes the next piece of CSV, a header first
 */
export async function pushParquet(
  file: AsyncBuffer,
  push: TakeText,
): Promise<Result<PushedParquet, ParquetError>> {
  try {
    const metadata = await parquetMetadataAsync(file);
    const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
    await push(`${columns.map(csvCell).join(',')}\r\n`);
    const scan = await parquetScan({ file, metadata });
    for (const range of scan.ranges) {
      const data = [];
      for (const column of columns) data.push(await scan.readColumn({ column, ...range }));
      await pushRows(data, range.rowEnd - range.rowStart, push);
    }
    return ok({ rows: Number(metadata.num_rows), columns });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return fail({ reason: 'invalid_parquet', message });
  }
}

async function pushRows(
  columns: readonly ArrayLike<unknown>[],
  rows: number,
  push: TakeText,
): Promise<void> {
  for (let from = 0; from < rows; from += PIECE_ROWS) {
    const to = Math.min(rows, from + PIECE_ROWS);
    let text = '';
    for (let row = from; row < to; row++) {
      for (let i = 0; i < columns.length; i++)
        text += (i === 0 ? '' : ',') + csvCell(columns[i][row]);
      // A row of one empty cell would be a blank line, which CSV readers skip.
      text += columns.length === 1 && text.endsWith('\n') ? '""\r\n' : '\r\n';
    }
    await push(text);
  }
}
