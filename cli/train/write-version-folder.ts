import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, type Result } from '../../shared/core/result.ts';
import type { AssembledVersion } from '../../shared/train/assemble-version.ts';
import type { FileRole } from '../../shared/train/draft-version.ts';
import { type CliFailure, failed, messageOf } from '../failure.ts';

/** File names in a version's folder; `publish` finds them by hash. */
const FILE_NAMES: Record<Exclude<FileRole, 'model'>, string> = {
  reference: 'reference.json',
  probe: 'probe.json',
  declaration: 'declaration.json',
};

/** Leaves a version in a folder, for `publish`. @returns the path of each file by its role */
export async function writeVersionFolder(
  folder: string,
  version: AssembledVersion,
): Promise<Result<Record<string, string>, CliFailure>> {
  const paths: Record<string, string> = { manifest: join(folder, 'manifest.json') };
  try {
    await mkdir(folder, { recursive: true });
    // An earlier version's: should this be cut short, the folder is no version rather than half of two.
    await rm(paths['manifest'], { force: true });
    for (const [role, bytes] of version.files) {
      const name = role === 'model' ? `model.${version.manifest.format}` : FILE_NAMES[role];
      paths[role] = join(folder, name);
      await writeFile(paths[role], bytes);
    }
    // Last, so that a folder with a manifest is a whole version.
    await writeFile(paths['manifest'], version.manifestBytes);
    return ok(paths);
  } catch (error) {
    return failed('file', `The version cannot be written to ${folder}: ${messageOf(error)}`);
  }
}
