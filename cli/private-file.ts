import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes JSON that only this user may read (mode 600), whole or not at all. */
export async function writePrivateJson(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeWhole(path, value, 0o600);
}

/** Writes JSON that anyone may read, whole or not at all. */
export async function writePublicJson(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(path, value, 0o644);
}

async function writeWhole(path: string, value: unknown, mode: number): Promise<void> {
  const aside = `${path}.${process.pid}.new`;
  await writeFile(aside, `${JSON.stringify(value, null, 2)}\n`, { mode });
  await chmod(aside, mode);
  await rename(aside, path);
}
