import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

const MAIN = new URL('main.ts', import.meta.url).pathname;

const start = (args: string[], stdout: 'pipe' | number = 'pipe') =>
  spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', stdout, 'pipe'] });

const endOf = (child: ReturnType<typeof start>) =>
  new Promise<number | null>((resolve) => child.once('close', resolve));

test('a reader that has seen enough is no failure', async () => {
  const child = start(['--help']);
  child.stdout?.destroy();
  const [exitCode, said] = await Promise.all([endOf(child), text(child.stderr!)]);
  expect([exitCode, said]).toEqual([0, '']);
});

test('an answer that finds no room is a failure, and says so', async () => {
  await using full = await open('/dev/full', 'w');
  const child = start(['--help'], full.fd);
  const [exitCode, said] = await Promise.all([endOf(child), text(child.stderr!)]);
  expect([exitCode, said]).toEqual([
    1,
    expect.stringContaining('Standard output cannot be written: its disk is full.\n'),
  ]);
});
