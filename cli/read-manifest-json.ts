import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, type Result } from '../shared/core/result.ts';
import { type CliFailure, codeOf, failed, messageOf, whyNot } from './failure.ts';

/** What a folder with a manifest.json holds, by who makes it: `edgewise fit`, or train and package. */
export type FolderKind = 'fit' | 'version';

const MAKERS: Record<FolderKind, string> = { fit: 'fit', version: 'train or package' };
const OTHERS: Record<FolderKind, string> = {
  fit: 'is of a version that train or package made: a folder that fit wrote is needed.',
  version:
    'is of a folder that fit wrote. A version of it is made by edgewise package, of its model.onnx.',
};
const SCHEMA_VERSION = 1;

export type ManifestJson = { path: string; bytes: Uint8Array<ArrayBuffer>; value: unknown };

/**
 * The manifest.json of a folder, of which no more is known than whose it is: folders of the other kind,
 * of another format, and half of one are refused by what they are.
 */
export async function readManifestJson(
  folder: string,
  kind: FolderKind,
): Promise<Result<ManifestJson, CliFailure>> {
  const read = await readBytes(folder, kind);
  if (!read.ok) return read;
  const { path, bytes } = read.value;
  const refused = (why: string) => failed('version_files', `${path} ${why}`);
  const again = `Copy the whole folder again, or make it again by edgewise ${MAKERS[kind]}.`;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    return refused(`is cut short or damaged (${messageOf(error)}). ${again}`);
  }
  const { found, format } = factsOf(value);
  if (found !== null && found !== kind) return refused(OTHERS[kind]);
  if (found === kind && format !== SCHEMA_VERSION)
    return refused(
      `is of format ${format}, and this edgewise reads format ${SCHEMA_VERSION}: take the edgewise that wrote it, or make it again by edgewise ${MAKERS[kind]}.`,
    );
  return ok({ path, bytes, value });
}

async function readBytes(
  folder: string,
  kind: FolderKind,
): Promise<Result<Omit<ManifestJson, 'value'>, CliFailure>> {
  const path = join(folder, 'manifest.json');
  let isThere = false;
  try {
    if (!(await stat(folder)).isDirectory())
      return failed(
        'file',
        `${folder} is a file: the folder that ${MAKERS[kind]} wrote is needed.`,
      );
    isThere = true;
    return ok({ path, bytes: new Uint8Array(await readFile(path)) });
  } catch (error) {
    if (codeOf(error) !== 'ENOENT')
      return failed('file', `${path} cannot be read: ${whyNot(error)}.`);
    if (!isThere) return failed('file', `There is no folder ${folder}.`);
    return failed(
      'version_files',
      `There is no ${path}: no ${MAKERS[kind]} came to its end there. Make it by edgewise ${MAKERS[kind]}.`,
    );
  }
}

/** Whether a manifest.json is in a folder that is of something else: a web app's, say. */
export async function hasForeignManifest(folder: string): Promise<boolean> {
  try {
    const value: unknown = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
    return factsOf(value).found === null;
  } catch {
    return false;
  }
}

function factsOf(value: unknown): { found: FolderKind | null; format: unknown } {
  if (typeof value !== 'object' || value === null) return { found: null, format: null };
  const facts: { kind?: unknown; model?: unknown; version?: unknown; schemaVersion?: unknown } =
    value;
  const isVersion = typeof facts.model === 'string' && typeof facts.version === 'string';
  const found = facts.kind === 'fit' ? 'fit' : isVersion ? 'version' : null;
  return { found, format: facts.schemaVersion };
}
