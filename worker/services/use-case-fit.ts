import { findUseCase } from '../../models/registry.ts';
import type { Declaration, Input, Task } from '../../shared/contracts/declaration.ts';
import type { Manifest } from '../../shared/contracts/manifest.ts';
import { latestConfiguration } from '../store/flag-configurations.ts';
import { declarationOf, findVersion } from '../store/versions.ts';
import type { Scope } from './scope.ts';

/** Whom the task is known from, in words, and the task. */
type Expected = { whose: string; task: Task };

/**
 * Why every application would refuse a version, in words; null: it fits. Of a use case that ships with this server, and
 * so with its application, its declaration says so; of another one the champion, whose inputs may be fewer than
 * those that its application has by now.
 */
export async function misfitOf(
  scope: Pick<Scope, 'env' | 'workspace'>,
  subject: Pick<Manifest, 'model' | 'version' | 'task' | 'inputs'>,
): Promise<string | null> {
  const useCase = findUseCase(subject.model);
  if (useCase) {
    const expected = { whose: `the use case ${useCase.id}`, task: useCase.task };
    return taskMismatch(subject, expected) ?? inputMismatch(subject, useCase);
  }
  const champion = await championOf(scope, subject.model);
  return champion && taskMismatch(subject, champion);
}

/** Apps and gates read an answer as one thing: a number, or the probability of the same class. */
export function taskMismatch(
  { version, task }: Pick<Manifest, 'version' | 'task'>,
  expected: Expected,
): string | null {
  const [found, wanted] = [task, expected.task].map(wordsOf);
  return found === wanted
    ? null
    : `${version} is ${found}; expected ${wanted}, as ${expected.whose} is.`;
}

const wordsOf = (task: Task): string =>
  task.type === 'binary'
    ? `binary (${task.classes.map(({ value }) => JSON.stringify(value)).join(', then ')})`
    : task.type;

function inputMismatch(
  { version, inputs }: Pick<Manifest, 'version' | 'inputs'>,
  useCase: Pick<Declaration, 'id' | 'inputs'>,
): string | null {
  const declared = new Map(useCase.inputs.map(({ name, type }) => [name, type]));
  const unknown = inputs.filter(({ name, type }) => declared.get(name) !== type);
  if (unknown.length === 0) return null;
  const named = unknown.map((input) => inputWords(input, declared.get(input.name)));
  return `${version} asks for what the use case ${useCase.id} does not declare: ${named.join(', ')}.`;
}

const inputWords = ({ name, type }: Input, declared: Input['type'] | undefined): string =>
  `${name} (a ${type}${declared ? `, declared as a ${declared}` : ''})`;

async function championOf(
  { env, workspace }: Pick<Scope, 'env' | 'workspace'>,
  model: string,
): Promise<Expected | null> {
  const { models } = await latestConfiguration(env.DB, workspace);
  const version = Object.hasOwn(models, model) ? models[model].champion : null;
  const row = version === null ? null : await findVersion(env.DB, { workspace, model, version });
  return row && { whose: `the champion ${row.version}`, task: declarationOf(row).task };
}
