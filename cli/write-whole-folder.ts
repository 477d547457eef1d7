import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, type Result } from '../shared/core/result.ts';
import { type CliFailure, whyNot } from './failure.ts';
import { makeFolder, notWritable } from './out-path.ts';

const MANIFEST = 'manifest.json';

export type WholeFolder = {
  /** By name. */
  files: ReadonlyMap<string, Uint8Array>;
  manifest: string | Uint8Array;
  /** Names of files that an earlier one may have left and this one has not. */
  without?: readonly string[];
};

/**
 * Writes files and the manifest.json that lists them: all aside first, then each in its place, the
 * manifest last. A folder with a manifest is whole; one killed on the way, or on a full disk, holds what
 * was there before, or nothing that is read.
 */
export async function writeWholeFolder(
  folder: string,
  { files, manifest, without = [] }: WholeFolder,
): Promise<Result<null, CliFailure>> {
  const contents = new Map<string, string | Uint8Array>([...files, [MANIFEST, manifest]]);
  const place = (name: string) => join(folder, name);
  const aside = (name: string) => place(`${name}.new`);
  try {
    await makeFolder(folder);
    for (const [name, content] of contents) await writeFile(aside(name), content);
    // An older one's manifest must not stand beside files that are not its own.
    for (const name of [MANIFEST, ...without]) await rm(place(name), { force: true });
    for (const name of contents.keys()) await rename(aside(name), place(name));
    return ok(null);
  } catch (error) {
    const left = [...contents.keys()].map((name) => rm(aside(name), { force: true }));
    await Promise.allSettled(left);
    return notWritable(folder, whyNot(error));
  }
}
