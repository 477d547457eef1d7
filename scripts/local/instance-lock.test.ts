import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockInstance } from './instance-lock.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgewise-lock-'));
  path = join(folder, 'running.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a lock whose holder lives is refused, with where it runs', () => {
  writeFileSync(path, JSON.stringify({ pid: process.ppid, url: 'http://localhost:1' }));
  expect(() => lockInstance(path, 'http://localhost:2')).toThrow('http://localhost:1');
});

test('a lock whose holder died is taken over, and given back at the end', () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  writeFileSync(path, JSON.stringify({ pid, url: 'http://localhost:1' }));
  const unlock = lockInstance(path, 'http://localhost:2');
  expect(existsSync(path)).toBe(true);
  unlock();
  expect(existsSync(path)).toBe(false);
});
