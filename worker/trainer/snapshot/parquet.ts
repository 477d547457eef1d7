import { parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';

export type ParquetColumn =
  | { name: string; type: 'DOUBLE'; data: (number | null)[] }
  | { name: string; type: 'STRING'; data: (string | null)[] };

/** One Parquet file, snappy; a null is a missing value. */
export function writeParquet(columnData: ParquetColumn[]): ArrayBuffer {
  const columns = columnData.map((column) => ({ ...column, nullable: true }));
  return parquetWriteBuffer({ columnData: columns });
}

/** Rows of a Parquet file that `writeParquet` wrote. */
export function readParquet<T extends Record<string, number | string | null>>(
  file: ArrayBuffer,
): Promise<T[]> {
  return parquetReadObjects({ file }) as Promise<T[]>;
}
