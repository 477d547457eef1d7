import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

type Holder = { pid: number; url: string };

/**
 * Keeps two servers from opening one folder's data. A lock whose holder died is taken over.
 * @returns gives it back
 */
export function lockInstance(path: string, url: string): () => void {
  const holder = readHolder(path);
  if (holder && holder.pid !== process.pid && isAlive(holder.pid)) {
    throw new Error(
      `Already running at ${holder.url} (process ${holder.pid}). Stop it first, or give this one a folder of its own: npm start -- --state DIR`,
    );
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify({ pid: process.pid, url }));
  return () => rmSync(path, { force: true });
}

function readHolder(path: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
