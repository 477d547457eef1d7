import type { Task } from '../../shared/contracts/declaration.ts';
import type { Manifest } from '../../shared/contracts/manifest.ts';
import { latestConfiguration } from '../store/flag-configurations.ts';
import { declarationOf, findVersion } from '../store/versions.ts';
import type { Scope } from './scope.ts';

type Subject = Pick<Manifest, 'version' | 'task'> & { model: string };

/**
 * Why every application that runs the champion would refuse a version, in words; null: it fits, or
 * there is no champion. Inputs are not compared: applications may declare more than the champion reads.
 */
export async function championMismatch(
  { env, workspace }: Pick<Scope, 'env' | 'workspace'>,
  subject: Subject,
  champion: string | null,
): Promise<string | null> {
  const { model } = subject;
  const row = champion && (await findVersion(env.DB, { workspace, model, version: champion }));
  return row
    ? taskMismatch(subject, { champion: row.version, task: declarationOf(row).task })
    : null;
}

/** The same, of whoever is champion now. */
export async function misfitOf(
  scope: Pick<Scope, 'env' | 'workspace'>,
  subject: Subject,
): Promise<string | null> {
  const { models } = await latestConfiguration(scope.env.DB, scope.workspace);
  const champion = Object.hasOwn(models, subject.model) ? models[subject.model].champion : null;
  return championMismatch(scope, subject, champion);
}

/** Apps and gates read an answer as one thing: a number, or the probability of the same class. */
function taskMismatch(
  { version, task }: Subject,
  expected: { champion: string; task: Task },
): string | null {
  const [found, wanted] = [task, expected.task].map(wordsOf);
  return found === wanted
    ? null
    : `${version} is ${found}; expected ${wanted}, as the champion ${expected.champion} is.`;
}

const wordsOf = (task: Task): string =>
  task.type === 'binary'
    ? `binary (${task.classes.map(({ value }) => JSON.stringify(value)).join(', then ')})`
    : task.type;
