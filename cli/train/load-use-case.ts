import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findUseCase, useCases } from '../../models/registry.ts';
import { ok, type Result } from '../../shared/core/result.ts';
import type { UseCase } from '../../shared/use-case/define-use-case.ts';
import { readSchemaFile } from '../declare/read-schema-file.ts';
import { type CliFailure, failed, messageOf } from '../failure.ts';

/**
 * A use case by the id of one that ships here, by the path of a file that exports one as `useCase`,
 * or of a schema file (JSON): a declaration of one's own needs no change to this repository.
 */
export async function loadUseCase(
  nameOrPath: string,
  cwd: string,
): Promise<Result<UseCase, CliFailure>> {
  if (/\.[cm]?[jt]s$/.test(nameOrPath)) return importUseCase(resolve(cwd, nameOrPath));
  if (nameOrPath.endsWith('.json')) return readSchemaFile(resolve(cwd, nameOrPath));
  const shipped = findUseCase(nameOrPath);
  if (shipped) return ok(shipped);
  const known = useCases.map(({ id }) => id).join(', ');
  return failed(
    'wrong_usage',
    `There is no use case "${nameOrPath}". There are: ${known}. A schema file (\`edgewise declare\`) or a file that exports \`useCase\` works too.`,
  );
}

async function importUseCase(path: string): Promise<Result<UseCase, CliFailure>> {
  let exported: { useCase?: UseCase };
  try {
    exported = (await import(pathToFileURL(path).href)) as { useCase?: UseCase };
  } catch (error) {
    return failed('file', `${path} cannot be loaded: ${messageOf(error)}`);
  }
  if (typeof exported.useCase?.fallback === 'function') return ok(exported.useCase);
  return failed('file', `${path} exports no \`useCase\`. Export what defineUseCase returns.`);
}
