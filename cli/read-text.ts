import { readFile } from 'node:fs/promises';
import { ok, type Result } from '../shared/core/result.ts';
import { type CliFailure, unreadable } from './failure.ts';

/** A file that people write, as text: UTF-8, with or without the mark that Windows puts before it. */
export async function readText(path: string, name = path): Promise<Result<string, CliFailure>> {
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path)));
  } catch (error) {
    return unreadable(name, error);
  }
}
