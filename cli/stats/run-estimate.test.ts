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

test('why not to believe an estimate is told, and how far its own error goes', async () => {
  const rng = createRng(2);
  const rows = (n: number) =>
    Array.from({ length: n }, () => {
      const p = rng();
      return `${p},${rng() < p ? 1 : 0}`;
    });
  const write = (name: string, of: string[]) =>
    writeFileSync(join(cwd, name), ['p,y', ...of].join('\n'));
  write('r.csv', rows(1500));
  write('tiny.csv', ['0.2,0', '0.9,1']);
  write('now.csv', rows(400));
  write('far.csv', new Array<string>(400).fill('0.001,0'));
  const estimate = async (reference: string, analysis: string, json: boolean) => {
    let told = '';
    const stream = { write: (text: string) => (told += text) };
    const flags = { reference, analysis, label: 'y', chunk: 400, json, probability: 'p' };
    const process = { stdout: stream, stderr: { write: () => '' } };
    await runEstimate.call({ process, environment: {}, cwd }, flags);
    return told;
  };
  const { chunks, reference } = JSON.parse(await estimate('r.csv', 'now.csv', true));
  expect(chunks[0]).toMatchObject({ doubts: [] });
  expect(chunks[0].beyondReference).toBeLessThan(0.01);
  expect(chunks[0].rocAucStandardError).toBeGreaterThan(0.01);
  expect(reference).toMatchObject({ n: 1500 });
  const told = await estimate('r.csv', 'now.csv', false);
  expect(told).toMatch(/ROC-AUC 0\.\d+ ± 0\.0\d+\n/);
  expect(chunks[0].accuracyStandardError).toBeGreaterThan(reference.accuracyStandardError);
  expect(told).toContain(
    `± ${Number((100 * chunks[0].accuracyStandardError).toPrecision(2))} %, ROC-AUC`,
  );
  expect(await estimate('r.csv', 'far.csv', false)).toContain(
    'do not believe it: the probabilities are distributed otherwise',
  );
  expect(JSON.parse(await estimate('tiny.csv', 'now.csv', true)).chunks[0].doubts).toContain(
    'small_reference',
  );
});
