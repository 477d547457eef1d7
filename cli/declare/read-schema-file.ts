import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { declaration } from '../../shared/contracts/declaration.ts';
import { ok, type Result } from '../../shared/core/result.ts';
import { defineUseCase, type UseCase } from '../../shared/use-case/define-use-case.ts';
import { type CliFailure, failed, messageOf } from '../failure.ts';

/** A declaration as JSON, and in place of a heuristic in code the one answer that is always there. */
const schemaFile = v.object({
  ...declaration.entries,
  fallback: v.object({ constant: v.pipe(v.number(), v.finite()) }),
});

/** A use case from a schema file, as `edgewise declare` writes it. */
export async function readSchemaFile(path: string): Promise<Result<UseCase, CliFailure>> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => error);
  if (typeof text !== 'string') return failed('file', `${path} cannot be read: ${messageOf(text)}`);
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schemaFile), text);
  if (!parsed.success)
    return failed(
      'file',
      `${path} is not the declaration of a use case.`,
      parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`),
    );
  const { fallback, ...data } = parsed.output;
  try {
    return ok(defineUseCase({ ...data, fallback: () => fallback.constant }));
  } catch (error) {
    return failed('file', `${path} contradicts itself.`, messageOf(error).split('\n').slice(1));
  }
}
