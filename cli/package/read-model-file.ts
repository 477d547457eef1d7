import { readFile } from 'node:fs/promises';
import { ok, type Result } from '../../shared/core/result.ts';
import { type CliFailure, failed, messageOf } from '../failure.ts';

export async function readModelFile(
  path: string,
): Promise<Result<Uint8Array<ArrayBuffer>, CliFailure>> {
  try {
    return ok(new Uint8Array(await readFile(path)));
  } catch (error) {
    return failed('file', `${path} cannot be read: ${messageOf(error)}`);
  }
}
