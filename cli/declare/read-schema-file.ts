import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { declaration, type Task } from '../../shared/contracts/declaration.ts';
import { ok, type Result } from '../../shared/core/result.ts';
import { declarationProblems } from '../../shared/use-case/declaration-problems.ts';
import { defineUseCase, type UseCase } from '../../shared/use-case/define-use-case.ts';
import { type CliFailure, failed, messageOf } from '../failure.ts';

/** A declaration as JSON, and in place of a heuristic in code the one answer that is always there. */
const schemaFile = v.object({
  ...declaration.entries,
  fallback: v.object({ constant: v.pipe(v.number(), v.finite()) }),
});

/** What keeps a drafted declaration from being read again; none: it can be. */
export function schemaProblems(drafted: object): string[] {
  const parsed = v.safeParse(schemaFile, drafted);
  if (!parsed.success) return parsed.issues.map(sentenceOf);
  const { fallback, ...data } = parsed.output;
  return [...declarationProblems(data), ...fallbackProblems(data.task, fallback.constant)];
}

const sentenceOf = (issue: v.BaseIssue<unknown>): string =>
  `${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`;

function fallbackProblems({ type }: Task, constant: number): string[] {
  if (type === 'regression' || (constant >= 0 && constant <= 1)) return [];
  return [`fallback.constant: expected a probability in [0, 1], found ${constant}`];
}

/** A use case from a schema file, as `edgewise declare` writes it. */
export async function readSchemaFile(path: string): Promise<Result<UseCase, CliFailure>> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => error);
  if (typeof text !== 'string') return failed('file', `${path} cannot be read: ${messageOf(text)}`);
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schemaFile), text);
  if (!parsed.success)
    return failed(
      'file',
      `${path} is not the declaration of a use case.`,
      parsed.issues.map(sentenceOf),
    );
  const problems = schemaProblems(parsed.output);
  if (problems.length > 0) return failed('file', `${path} contradicts itself.`, problems);
  const { fallback, ...data } = parsed.output;
  return ok(defineUseCase({ ...data, fallback: () => fallback.constant }));
}
