import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import { runEstimate } from './run-estimate.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'edgewise-estimate-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

test('a file without rows has nothing to estimate, of a classifier or a regressor', async () => {
  const rng = createRng(1);
  const rows = Array.from({ length: 200 }, () => {
    const p = rng();
    return `${p},${rng() < p ? 1 : 0}`;
  });
  writeFileSync(join(cwd, 'r.csv'), ['p,y', ...rows].join('\n'));
  writeFileSync(join(cwd, 'none.csv'), 'p,y\n');
  for (const answer of [{ probability: 'p' }, { prediction: 'p' }]) {
    let told = '';
    const stream = { write: (text: string) => (told += text) };
    const flags = { reference: 'r.csv', analysis: 'none.csv', label: 'y', chunk: 50, json: true };
    const process = { stdout: stream, stderr: { write: () => '' } };
    const failure = await runEstimate.call(
      { process, environment: {}, cwd },
      { ...flags, ...answer },
    );
    expect(failure).toMatchObject({ exitCode: 1 });
    expect(JSON.parse(told).error.message).toBe('none.csv has no rows.');
  }
});
