import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from './out-path.ts';

/** Writes text that only this user may read (mode 600), whole or not at all. */
export async function writePrivateText(path: string, text: string): Promise<void> {
  await makeFolder(dirname(path), 0o700);
  await writeWhole(path, text, 0o600);
}

/** Writes JSON that only this user may read (mode 600), whole or not at all. */
export const writePrivateJson = (path: string, value: unknown): Promise<void> =>
  writePrivateText(path, formatJson(value));

/** Writes JSON that anyone may read, whole or not at all. */
export async function writePublicJson(path: string, value: unknown): Promise<void> {
  await makeFolder(dirname(path));
  await writeWhole(path, formatJson(value), 0o644);
}

const formatJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const aside = `${path}.${process.pid}.new`;
  try {
    await writeFile(aside, text, { mode });
    await chmod(aside, mode);
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    // What fails while it writes does not say where.
    throw error instanceof Error ? Object.assign(error, { path }) : error;
  }
}
