import { expect, test } from 'vitest';
import { reporting } from './command.ts';
import type { CliContext } from './context.ts';

/** What a command that throws leaves for a person, and for a script. */
async function thrownBy(error: unknown, environment: CliContext['environment'] = {}) {
  let stdout = '';
  const process = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: () => true },
  } as unknown as CliContext['process'];
  const run = reporting<{ json: boolean }, []>(() => Promise.reject(error));
  const refusal = await run.call({ process, environment, cwd: '/' }, { json: true });
  return { said: refusal?.message ?? '', ...JSON.parse(stdout) };
}

test('what no command foresaw is told without a stack trace, but to those who ask for it', async () => {
  const bug = new Error('x is not iterable');
  const { said, error } = await thrownBy(bug);
  expect(said).toBe('This is a bug of edgewise: x is not iterable. EDGEWISE_DEBUG=1 shows where.');
  expect(error).toEqual({ reason: 'bug', message: said });
  const shown = await thrownBy(bug, { EDGEWISE_DEBUG: '1' });
  expect(shown.said).toMatch(/not iterable\.\n {2,}at /);
});

test('a file that no command spoke of is told by its path and why', async () => {
  const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', path: '/data/a.json' });
  expect(await thrownBy(full)).toMatchObject({
    said: '/data/a.json cannot be used: its disk is full.',
    error: { reason: 'file' },
  });
});

test('what a file holds does not steer a terminal, nor fill it', async () => {
  const { said } = await thrownBy(new Error(`a column \u001b[2J\u0000 ${'x'.repeat(3000)}`));
  expect(said).toContain('a column \\u001b[2J\\u0000 xxx');
  expect(said.length).toBeLessThan(2100);
  expect(said.endsWith('...')).toBe(true);
});
