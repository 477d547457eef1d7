import * as v from 'valibot';
import type { Declaration, Task } from '../../shared/contracts/declaration.ts';
import { fail, ok, type Result } from '../../shared/core/result.ts';
import { defineUseCase, type UseCase } from '../../shared/use-case/define-use-case.ts';
import {
  type InvalidDeclaration,
  readDeclaration,
} from '../../shared/use-case/read-declaration.ts';
import { type CliFailure, failed } from '../failure.ts';
import { readText } from '../read-text.ts';

const jsonFile = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown()));
/** In place of a heuristic in code the one answer that is always there. */
const fallbackPart = v.object({
  fallback: v.object({ constant: v.pipe(v.number(), v.finite()) }),
});

export type Schema = { declaration: Declaration; fallback: { constant: number } };

/** What a schema file's JSON declares, completed by the defaults; or every problem with its place. */
export function readSchema(written: object): Result<Schema, InvalidDeclaration> {
  const { fallback: _, ...definition } = written as Record<string, unknown>;
  const read = readDeclaration(definition);
  const parsed = v.safeParse(fallbackPart, written);
  const problems = [
    ...(read.ok ? [] : read.error.problems),
    ...(parsed.success ? [] : parsed.issues.map(sentenceOf)),
  ];
  if (read.ok && parsed.success) {
    const { fallback } = parsed.output;
    problems.push(...fallbackProblems(read.value.task, fallback.constant));
    if (problems.length === 0) return ok({ declaration: read.value, fallback });
  }
  return invalid(problems);
}

const invalid = (problems: string[]) => fail({ reason: 'invalid_declaration' as const, problems });

const sentenceOf = (issue: v.BaseIssue<unknown>): string =>
  `${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`;

function fallbackProblems({ type }: Task, constant: number): string[] {
  if (type === 'regression' || (constant >= 0 && constant <= 1)) return [];
  return [`fallback.constant: expected a probability in [0, 1], found ${constant}`];
}

/** A use case from a schema file, as `edgewise declare` writes it. */
export async function readSchemaFile(path: string): Promise<Result<UseCase, CliFailure>> {
  const text = await readText(path);
  if (!text.ok) return text;
  const parsed = v.safeParse(jsonFile, text.value);
  const read = parsed.success ? readSchema(parsed.output) : invalid(parsed.issues.map(sentenceOf));
  if (!read.ok)
    return failed('file', `${path} is not the declaration of a use case.`, read.error.problems);
  const { declaration, fallback } = read.value;
  return ok(defineUseCase({ ...declaration, fallback: () => fallback.constant }));
}
