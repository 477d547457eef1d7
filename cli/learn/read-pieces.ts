import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { ok, type Result } from '../../shared/core/result.ts';
import { describeTableIssue, type TableError } from '../../shared/table/read-table.ts';
import { type CliFailure, failed, messageOf } from '../failure.ts';

/** A text file in pieces, and its hash. */
export type TextPieces = { pieces: string[]; sha256: string };

/** Reads a UTF-8 file; bytes that are not UTF-8 are refused, as is an empty file. */
export async function readPieces(path: string): Promise<Result<TextPieces, CliFailure>> {
  const pieces: string[] = [];
  const hash = createHash('sha256');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const piece of createReadStream(path)) {
      hash.update(piece);
      pieces.push(decoder.decode(piece, { stream: true }));
    }
    pieces.push(decoder.decode());
  } catch (error) {
    return failed('file', `${path} cannot be read as UTF-8 text: ${messageOf(error)}`);
  }
  return ok({ pieces, sha256: hash.digest('hex') });
}

/** A file's issues as a failure: each with its row, line and column. */
export function refusedTable(path: string, { issues, issueCount }: TableError) {
  const more = issueCount > issues.length ? [`and ${issueCount - issues.length} more`] : [];
  return failed('rows', `${path} cannot be used.`, [...issues.map(describeTableIssue), ...more]);
}
