import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

const MAIN = new URL('main.ts', import.meta.url).pathname;

const start = (args: string[], stdout: 'pipe' | number = 'pipe') =>
  spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', stdout, 'pipe'] });

const endOf = (child: ReturnType<typeof start>) =>
  new Promise<number | null>((resolve) => child.once('close', resolve));

test('a reader that has seen enough is no failure, of answers or of what is told beside them', async () => {
  const helped = start(['--help']);
  helped.stdout?.destroy();
  const refused = start(['no-command']);
  refused.stderr?.destroy();
  const [exitCode, said, refusal] = await Promise.all([
    ...[endOf(helped), text(helped.stderr!), endOf(refused)],
  ]);
  expect([exitCode, said, refusal]).toEqual([0, '', 2]);
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
