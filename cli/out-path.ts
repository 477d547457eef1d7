import type { Stats } from 'node:fs';
import {
  access,
  constants,
  type FileHandle,
  lstat,
  mkdir,
  mkdtemp,
  open,
  rm,
  rmdir,
  stat,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ok, type Result } from '../shared/core/result.ts';
import { type CliFailure, codeOf, failed, whyNot } from './failure.ts';
import { hasForeignManifest } from './read-manifest-json.ts';

/**
 * Makes a folder, and those above it that are not there. Not by mkdir's `recursive`: where nothing can
 * be made, as in /proc, that of Node 24 never ends.
 */
export async function makeFolder(folder: string, mode = 0o777): Promise<void> {
  const found = await findPath(folder);
  if (found?.isDirectory()) return;
  if (found !== null) throw new Error(`${folder} is not a folder`);
  await makeFolder(dirname(folder), mode);
  try {
    await mkdir(folder, { mode });
  } catch (error) {
    const isMadeMeanwhile = codeOf(error) === 'EEXIST' && (await stat(folder)).isDirectory();
    if (!isMadeMeanwhile) throw error;
  }
}

/**
 * Says before long work what would make its end worthless: that a folder takes no files, or that what
 * would be replaced there is none of ours.
 */
export async function checkOutFolder(folder: string): Promise<Result<null, CliFailure>> {
  const obstacle = await folderObstacle(folder);
  if (obstacle !== null) return notWritable(folder, obstacle);
  return (await hasForeignManifest(folder))
    ? notWritable(folder, 'its manifest.json is of something else, and would be replaced')
    : ok(null);
}

/**
 * The same of a file. The folders above it are made by `writeOutFile`.
 * @param read what the command reads, and would lose: under any name, so that a link is no way round
 */
export async function checkOutFile(
  path: string,
  { read = [] }: { read?: readonly string[] } = {},
): Promise<Result<null, CliFailure>> {
  const obstacle = await fileObstacle(path);
  if (obstacle !== null) return notWritable(path, obstacle);
  for (const other of read)
    if (await isSameFile(path, other))
      return failed('wrong_usage', `${path} is the file that is read, which it would replace.`);
  return ok(null);
}

async function isSameFile(path: string, other: string): Promise<boolean> {
  const [one, two] = await Promise.all([findPath(path), findPath(other)]);
  if (one === null || two === null) return path === other;
  return one.isFile() && one.dev === two.dev && one.ino === two.ino;
}

/** Writes a file that a flag named, and makes the folders above it. */
export async function writeOutFile(path: string, text: string): Promise<Result<null, CliFailure>> {
  try {
    await openOutFile(path, (file) => file.writeFile(text));
    return ok(null);
  } catch (error) {
    return notWritable(path, whyNot(error));
  }
}

/**
 * Opens such a file for whoever writes it piece by piece.
 * @throws what opening and `write` throw; half a file does not stay where there was none
 */
export async function openOutFile<T>(
  path: string,
  write: (file: FileHandle) => Promise<T>,
): Promise<T> {
  await makeFolder(dirname(path));
  const isNew = (await findPath(path)) === null;
  const file = await open(path, 'w');
  try {
    return await write(file);
  } catch (error) {
    if (isNew) await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

export const notWritable = (path: string, why: string) =>
  failed('file', `${path} cannot be written: ${why}.`);

async function folderObstacle(folder: string): Promise<string | null> {
  let there = folder;
  try {
    let found = await findPath(there);
    for (; found === null; found = await findPath(there)) there = dirname(there);
    if (!found.isDirectory()) return `${there} is not a folder`;
    // What is permitted does not tell: root is permitted all, and yet some folders take nothing.
    await rmdir(await mkdtemp(join(there, '.edgewise-')));
    return null;
  } catch (error) {
    const isStrange = codeOf(error) === 'ENOENT';
    return isStrange ? `nothing can be made in ${there}` : `${whyNot(error)} (${there})`;
  }
}

async function fileObstacle(path: string): Promise<string | null> {
  try {
    const found = await findPath(path);
    if (found === null) return await folderObstacle(dirname(path));
    if (found.isDirectory()) return 'it is a folder';
    await access(path, constants.W_OK);
    return null;
  } catch (error) {
    return whyNot(error);
  }
}

/** What is at a path, behind links that lead anywhere; null: nothing is. */
async function findPath(path: string): Promise<Stats | null> {
  for (const look of [stat, lstat])
    try {
      return await look(path);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ENOTDIR') throw error;
    }
  return null;
}
