import { resolve } from 'node:path';
import { ok, type Result } from '../../shared/core/result.ts';
import { ALGORITHMS } from '../../shared/learn/catalogue.ts';
import { type FitSettings, readFitSettings } from '../../shared/learn/settings/fit-settings.ts';
import { createProblems } from '../../shared/learn/settings/problems.ts';
import type { Task } from '../../shared/learn/task.ts';
import { type CliFailure, failed, messageOf } from '../failure.ts';
import { readText } from '../read-text.ts';
import { knownAlgorithms } from './known-algorithms.ts';

type Asked = {
  cwd: string;
  task: Task;
  /** What the command line names; null: the settings do, or nobody. */
  algorithm: string | null;
};

/** Settings from a file, or from JSON on the command line. */
export async function readSettings(
  given: string,
  { cwd, task, algorithm }: Asked,
): Promise<Result<FitSettings, CliFailure>> {
  const isInline = given.trimStart().startsWith('{');
  const name = isInline ? '--settings' : given;
  let text = given;
  if (!isInline) {
    const read = await readText(resolve(cwd, given), given);
    if (!read.ok) return read;
    text = read.value;
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return failed('wrong_usage', `${name} is no JSON: ${messageOf(error)}.`);
  }
  const problems = createProblems();
  // What tfjs trains takes a while to load.
  const isNeural = text.includes('neural') || algorithm?.includes('neural') === true;
  const algorithms = isNeural ? await knownAlgorithms() : ALGORITHMS;
  const settings = readFitSettings(json, { task, algorithms, problems, algorithm });
  if (problems.found.length > 0)
    return failed('wrong_usage', `${name} cannot be used as settings.`, problems.found);
  return ok(settings);
}
