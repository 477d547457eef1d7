import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { ok, type Result } from '../../shared/core/result.ts';
import {
  createTableReader,
  describeTableIssue,
  type ReadTable,
} from '../../shared/table/read-table.ts';
import type { UseCase } from '../../shared/use-case/define-use-case.ts';
import { type CliFailure, failed, unreadable } from '../failure.ts';

/** Reads a use case's CSV piece by piece. `sha256` is the file's. */
export async function readCsvTable(
  path: string,
  { inputs, target, task, splitBy }: Pick<UseCase, 'inputs' | 'target' | 'task' | 'splitBy'>,
): Promise<Result<ReadTable & { sha256: string }, CliFailure>> {
  const orderBy = splitBy.type === 'time' ? splitBy.column : undefined;
  const classes = task.type === 'binary' ? task.classes.map(({ value }) => value) : undefined;
  const reader = createTableReader({ inputs, target: target.name, classes, orderBy });
  const hash = createHash('sha256');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const piece of createReadStream(path)) {
      hash.update(piece);
      reader.push(decoder.decode(piece, { stream: true }));
    }
    reader.push(decoder.decode());
  } catch (error) {
    return unreadable(path, error);
  }
  const read = reader.end();
  if (read.ok) return ok({ ...read.value, sha256: hash.digest('hex') });
  const { issues, issueCount } = read.error;
  const more = issueCount > issues.length ? [`and ${issueCount - issues.length} more`] : [];
  return failed('rows', `${path} is not what this use case is trained on.`, [
    ...issues.map(describeTableIssue),
    ...more,
  ]);
}
