import { join } from 'node:path';
import { ok, type Result } from '../../shared/core/result.ts';
import type { AssembledVersion } from '../../shared/train/assemble-version.ts';
import type { FileRole } from '../../shared/train/draft-version.ts';
import type { CliFailure } from '../failure.ts';
import { writeWholeFolder } from '../write-whole-folder.ts';

/** File names in a version's folder; `publish` finds them by hash. */
const FILE_NAMES: Record<Exclude<FileRole, 'model'>, string> = {
  reference: 'reference.json',
  probe: 'probe.json',
  declaration: 'declaration.json',
};

/** Leaves a version in a folder, for `publish`. @returns the path of each file by its role */
export async function writeVersionFolder(
  folder: string,
  { manifest, manifestBytes, files }: AssembledVersion,
): Promise<Result<Record<string, string>, CliFailure>> {
  const nameOf = (role: FileRole) =>
    role === 'model' ? `model.${manifest.format}` : FILE_NAMES[role];
  const named = new Map([...files].map(([role, bytes]) => [nameOf(role), bytes]));
  const written = await writeWholeFolder(folder, { files: named, manifest: manifestBytes });
  if (!written.ok) return written;
  const paths = [...files.keys()].map((role) => [role, join(folder, nameOf(role))]);
  return ok({ manifest: join(folder, 'manifest.json'), ...Object.fromEntries(paths) });
}
