import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { ok, type Result } from '../../shared/core/result.ts';
import { describeTableIssue, type TableError } from '../../shared/table/read-table.ts';
import { type CliFailure, failed, unreadable } from '../failure.ts';
import { pushFile } from './push-file.ts';

/** A table's file as pieces of CSV, and the hash of its bytes. */
export type TextPieces = { pieces: string[]; sha256: string };

/** Reads a UTF-8 CSV, or a Parquet file as the CSV it would be. @see pushFile */
export async function readPieces(path: string): Promise<Result<TextPieces, CliFailure>> {
  const pieces: string[] = [];
  const read = await pushFile(path, {
    name: path,
    push: (text) => void pieces.push(text),
  });
  if (!read.ok) return read;
  const hash = createHash('sha256');
  try {
    for await (const piece of createReadStream(path)) hash.update(piece);
  } catch (error) {
    return unreadable(path, error);
  }
  return ok({ pieces, sha256: hash.digest('hex') });
}

/** A file's issues as a failure: each with its row, line and column. */
export function refusedTable(path: string, { issues, issueCount }: TableError) {
  const more = issueCount > issues.length ? [`and ${issueCount - issues.length} more`] : [];
  return failed('rows', `${path} cannot be used.`, [...issues.map(describeTableIssue), ...more]);
}
