import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Result } from '../../shared/core/result.ts';
import { ok } from '../../shared/core/result.ts';
import { pushParquet, type TakeText } from '../../shared/table/parquet/push-parquet.ts';
import { type CliFailure, failed, unreadable } from '../failure.ts';

const PARQUET_MAGIC = 'PAR1';

/**
 * Reads a table's file piece by piece as CSV text; a Parquet file (told by its first bytes, whatever
 * its name) as the CSV it would be. Bytes that are not UTF-8 are refused.
 * @param name what the file is called in a failure
 * @param push is waited for, so that what takes the pieces need not hold them; throws nothing
 */
export async function pushFile(
  path: string,
  { name, push }: { name: string; push: TakeText },
): Promise<Result<null, CliFailure>> {
  try {
    const file = await open(path);
    try {
      if (await isParquet(file)) return await pushParquetFile(file, { name, push });
    } finally {
      await file.close();
    }
    const decoder = new TextDecoder('utf-8', { fatal: true });
    for await (const piece of createReadStream(path))
      await push(decoder.decode(piece, { stream: true }));
    await push(decoder.decode());
  } catch (error) {
    return unreadable(name, error);
  }
  return ok(null);
}

async function isParquet(file: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(new Uint8Array(4), 0, 4, 0);
  return bytesRead === 4 && new TextDecoder('latin1').decode(buffer) === PARQUET_MAGIC;
}

async function pushParquetFile(
  file: FileHandle,
  { name, push }: { name: string; push: TakeText },
): Promise<Result<null, CliFailure>> {
  const { size } = await file.stat();
  const slice = async (start: number, end: number = size): Promise<ArrayBuffer> => {
    const bytes = new Uint8Array(end - start);
    await file.read(bytes, 0, bytes.length, start);
    return bytes.buffer;
  };
  const read = await pushParquet({ byteLength: size, slice }, push);
  return read.ok
    ? ok(null)
    : failed('file', `${name} is a damaged Parquet file, or not whole: ${read.error.message}.`);
}
