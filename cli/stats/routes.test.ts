import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApplication, buildRouteMap, run } from '@stricli/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRng, normal } from '../../shared/core/rng.ts';
import { CommandFailed } from '../command.ts';
import type { CliContext } from '../context.ts';
import { drift, estimate, experiment, fairness, srm } from './routes.ts';

const application = buildApplication<CliContext>(
  buildRouteMap({ routes: { drift, estimate, experiment, fairness, srm }, docs: { brief: 'x' } }),
  {
    name: 'edgewise',
    scanner: { caseStyle: 'allow-kebab-for-camel' },
    documentation: { disableAnsiColor: true },
    determineExitCode: (error) => (error instanceof CommandFailed ? error.exitCode : 1),
  },
);

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'edgewise-stats-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

async function edgewise(...commandLine: string[]) {
  const out = { stdout: '', stderr: '' };
  const writeTo = (stream: keyof typeof out) => ({
    write: (text: string) => {
      out[stream] += text;
    },
  });
  const process: CliContext['process'] & { exitCode?: number | string | null } = {
    stdout: writeTo('stdout'),
    stderr: writeTo('stderr'),
  };
  await run(application, commandLine, { process, environment: {}, cwd });
  return { ...out, exitCode: process.exitCode };
}

const write = (name: string, text: string): void => writeFileSync(join(cwd, name), text);

function csvOf(rows: number, shift: number, seed: number): string {
  const rng = createRng(seed);
  const lines = Array.from({ length: rows }, () => {
    const weather = rng() < 0.3 ? 'rain' : 'clear';
    return `${(normal(rng) + shift).toFixed(4)},${normal(rng).toFixed(4)},${weather}`;
  });
  return ['distance,speed,weather', ...lines].join('\n');
}

test('drift names the column that moved and no other', async () => {
  write('a.csv', csvOf(1500, 0, 1));
  write('b.csv', csvOf(400, 0.4, 2));
  const { stdout, exitCode } = await edgewise(
    ...['drift', '--reference', 'a.csv', '--current', 'b.csv', '--json'],
  );
  expect(exitCode).toBe(0);
  const { dataset, columns } = JSON.parse(stdout);
  expect(dataset).toEqual({ drifted: true, share: 1 / 3, method: 'benjamini-hochberg' });
  expect(columns.map((c: { drifted: boolean }) => c.drifted)).toEqual([true, false, false]);
  expect(columns[0]).toMatchObject({
    column: 'distance',
    type: 'number',
    nReference: 1500,
    nCurrent: 400,
  });
  expect(columns[0].results[0]).toMatchObject({
    method: 'combined',
    threshold: 0.05,
    drifted: true,
  });
  const [psi, difference] = columns[0].effects;
  expect(psi).toMatchObject({ name: 'psi', value: expect.any(Number) });
  expect(psi.interval[0]).toBeGreaterThan(0);
  expect(difference.name).toBe('standardised_mean_difference');
  expect(difference.interval[0]).toBeLessThan(0.4);
  expect(difference.interval[1]).toBeGreaterThan(0.4);
  expect(columns[2].effects[1].name).toBe('cramers_v');
});

test('drift by every method, and as Evidently does it', async () => {
  write('a.csv', csvOf(300, 0, 1));
  write('b.csv', csvOf(200, 0, 2));
  const files = ['--reference', 'a.csv', '--current', 'b.csv', '--json'];
  const all = JSON.parse((await edgewise('drift', ...files, '--methods', 'all')).stdout);
  for (const column of all.columns)
    for (const { pValue } of column.results)
      if (pValue !== null) expect(pValue).toBeGreaterThanOrEqual(0);
  expect(all.columns[0].results).toHaveLength(20);
  const evidently = JSON.parse(
    (await edgewise('drift', ...files, '--compatibility', 'evidently')).stdout,
  );
  expect(
    evidently.columns.map((c: { results: { method: string }[] }) => c.results[0].method),
  ).toEqual(['ks', 'ks', 'z']);
});

test('columns that are empty, constant or too short are too little data, never NaN', async () => {
  write('a.csv', 'empty,constant,one\n,4,1\n,4,\n,4,\n');
  write('b.csv', 'empty,constant,one\n,4,2\n,4,\n');
  const { stdout } = await edgewise(
    'drift',
    '--reference',
    'a.csv',
    '--current',
    'b.csv',
    '--methods',
    'all',
    '--json',
  );
  expect(stdout).not.toContain('NaN');
  const { dataset, columns } = JSON.parse(stdout);
  expect(dataset.drifted).not.toBe(true);
  expect(columns.every((c: { drifted: boolean | null }) => c.drifted !== true)).toBe(true);
});

test('an unknown method, a missing file and a corrupt row are named', async () => {
  write('a.csv', 'x\n1\n2\n');
  write('bad.csv', 'x,y\n1,2\n3\n');
  const unknown = await edgewise(
    'drift',
    '--reference',
    'a.csv',
    '--current',
    'a.csv',
    '--methods',
    'nope',
  );
  expect(unknown.exitCode).toBe(2);
  expect(unknown.stderr).toContain('nope');
  const missing = await edgewise('drift', '--reference', 'none.csv', '--current', 'a.csv');
  expect([missing.exitCode, missing.stderr]).toEqual([1, expect.stringContaining('none.csv')]);
  const corrupt = await edgewise('drift', '--reference', 'a.csv', '--current', 'bad.csv', '--json');
  expect(JSON.parse(corrupt.stdout).error.details).toEqual([
    'row 2 (line 3): expected 2 cells, found 1',
  ]);
});

const arm = (n: number, sum: number) => ({ kind: 'proportion', n, sum });

test('experiment answers one question or an array, infinite bounds as null', async () => {
  const asked = { control: arm(1000, 100), treatment: arm(1000, 120), test: 'welch' };
  write('one.json', JSON.stringify(asked));
  const one = JSON.parse((await edgewise('experiment', '--input', 'one.json', '--json')).stdout);
  expect(one.effect).toBeCloseTo(0.2, 12);
  expect(one.pValue).toBeCloseTo(0.19235020701505579, 9);
  write(
    'two.json',
    JSON.stringify([
      { ...asked, alternative: 'greater' },
      { ...asked, test: 'bayesian' },
    ]),
  );
  const two = JSON.parse((await edgewise('experiment', '--input', 'two.json', '--json')).stdout);
  expect(two[0].interval[1]).toBeNull();
  expect(two[1].chanceToWin).toBeCloseTo(0.9039004818067533, 9);
});

test('an experiment without units says so, one that is not understood is refused', async () => {
  write('few.json', JSON.stringify({ control: arm(0, 0), treatment: arm(10, 3), test: 'welch' }));
  const few = JSON.parse((await edgewise('experiment', '--input', 'few.json', '--json')).stdout);
  expect(few).toMatchObject({
    effect: null,
    pValue: null,
    insufficient: { reason: 'too_few_units', n: 0 },
  });
  write('odd.json', JSON.stringify({ control: arm(5, 3) }));
  const odd = await edgewise('experiment', '--input', 'odd.json');
  expect(odd.exitCode).toBe(1);
  expect(odd.stderr).toContain('treatment');
});

test('srm tells a broken split from a sound one', async () => {
  const { stdout } = await edgewise(
    'srm',
    '--users',
    '1000,1100',
    '--weights',
    '0.5,0.5',
    '--json',
  );
  expect(JSON.parse(stdout).pValue).toBeCloseTo(0.029096331741252267, 12);
  expect((await edgewise('srm', '--users', '5,5', '--weights', '1')).exitCode).toBe(2);
});

test('fairness compares groups and intersections', async () => {
  write('d.csv', 'y,p,sex,race\n1,1,f,a\n0,0,f,b\n1,0,m,a\n0,1,m,b\n1,1,m,b\n');
  const flags = ['--data', 'd.csv', '--truth', 'y', '--prediction', 'p', '--json'];
  const { groups, ...rest } = JSON.parse(
    (await edgewise('fairness', ...flags, '--sensitive', 'sex')).stdout,
  );
  expect(groups.f).toMatchObject({
    n: 2,
    selectionRate: 0.5,
    tpr: 1,
    fpr: 0,
    fnr: 0,
    tnr: 1,
    accuracy: 1,
  });
  expect(rest.demographicParityDifference).toBeCloseTo(2 / 3 - 1 / 2, 12);
  expect(rest.equalizedOddsDifference).toBe(1);
  const both = JSON.parse((await edgewise('fairness', ...flags, '--sensitive', 'sex,race')).stdout);
  expect(Object.keys(both.groups)).toEqual(['f,a', 'f,b', 'm,a', 'm,b']);
  const absent = await edgewise('fairness', ...flags, '--sensitive', 'age');
  expect(JSON.parse(absent.stdout).error.message).toContain('age');
});

test('estimate gives ROC-AUC and accuracy per chunk and refuses what is no probability', async () => {
  const rng = createRng(4);
  const rows = Array.from({ length: 600 }, () => {
    const p = rng();
    return `${p.toFixed(4)},${rng() < p ? 1 : 0}`;
  });
  write('r.csv', ['p,y', ...rows].join('\n'));
  write('a.csv', ['p', ...rows.map((row) => row.split(',')[0])].join('\n'));
  const flags = [
    '--reference',
    'r.csv',
    '--probability',
    'p',
    '--label',
    'y',
    '--chunk',
    '250',
    '--json',
  ];
  const { chunks } = JSON.parse(
    (await edgewise('estimate', ...flags, '--analysis', 'a.csv')).stdout,
  );
  expect(chunks.map((c: { n: number }) => c.n)).toEqual([250, 250, 100]);
  for (const { rocAuc, accuracy } of chunks) {
    expect(rocAuc).toBeGreaterThan(0.7);
    expect(accuracy).toBeGreaterThan(0.6);
  }
  write('bad.csv', 'p\n1.5\n');
  const bad = await edgewise('estimate', ...flags, '--analysis', 'bad.csv');
  expect(JSON.parse(bad.stdout).error.message).toContain('1.5');
});

test('a drift report is one file in three forms, whose size does not grow with the rows', async () => {
  const sizes: number[] = [];
  for (const rows of [500, 20_000]) {
    write('a.csv', `${csvOf(rows, 0, 1)}\n1,1,<b>&`);
    write('b.csv', csvOf(rows, 0.5, 2));
    await edgewise(
      ...['drift', '--reference', 'a.csv', '--current', 'b.csv', '--html', 'r.html'],
      ...['--markdown', 'r.md', '--report', 'r.json'],
    );
    const html = readFileSync(join(cwd, 'r.html'), 'utf8');
    expect(html).toContain('distance');
    expect(html).not.toMatch(/<b>&|https?:|NaN/);
    sizes.push(html.length);
  }
  expect(sizes[1]).toBeLessThan(sizes[0] * 1.2);
  expect(sizes[1]).toBeLessThan(100_000);
  expect(readFileSync(join(cwd, 'r.md'), 'utf8')).toContain('**Drifted.** 1 of 3 columns');
  const report = JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8'));
  expect(report).toMatchObject({ kind: 'drift', verdict: { tone: 'bad' } });
  const nowhere = await edgewise(
    ...['drift', '--reference', 'a.csv', '--current', 'b.csv', '--html', 'none/r.html'],
  );
  expect([nowhere.exitCode, nowhere.stderr]).toEqual([1, expect.stringContaining('none/r.html')]);
});

test('drift of a model wants no files, knows which methods profiles allow, and says where no server is', async () => {
  const ofModel = (...flags: string[]) =>
    edgewise('drift', 'delay-prediction', '--key', 'sk_x', '--json', ...flags);
  const mixed = await ofModel('--reference', 'a.csv');
  expect([mixed.exitCode, mixed.stdout]).toEqual([2, expect.stringContaining('go with CSV')]);
  const raw = await ofModel('--methods', 'ks');
  expect([raw.exitCode, raw.stdout]).toEqual([2, expect.stringContaining('needs raw values')]);
  const away = await ofModel('--server', 'http://127.0.0.1:9');
  expect([away.exitCode, away.stdout]).toEqual([1, expect.stringContaining('unreachable')]);
  const neither = await edgewise('drift', '--json');
  expect([neither.exitCode, neither.stdout]).toEqual([2, expect.stringContaining('or a MODEL')]);
});
