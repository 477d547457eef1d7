import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApplication, buildRouteMap, run } from '@stricli/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRng, normal } from '../../shared/core/rng.ts';
import { CommandFailed } from '../command.ts';
import type { CliContext } from '../context.ts';
import { drift, estimate, experiment, fairness, performance, srm } from './routes.ts';

const application = buildApplication<CliContext>(
  buildRouteMap({
    routes: { drift, estimate, experiment, fairness, performance, srm },
    docs: { brief: 'x' },
  }),
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
  write('a.csv', csvOf(120, 0, 1));
  write('b.csv', csvOf(80, 0, 2));
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
  write('c.csv', 'y,p,q,sex\n1,1,0.9,f\n0,0,0.2,f\n1,0,0.4,m\n0,1,0.7,m\n');
  const told = await edgewise(
    ...['fairness', '--data', 'c.csv', '--truth', 'y', '--prediction', 'p', '--sensitive', 'sex'],
    ...['--probability', 'q', '--json', '--markdown', 'c.md'],
  );
  const { calibration } = JSON.parse(told.stdout);
  expect(calibration.groups.f).toMatchObject({ told: 0.55, happened: 0.5 });
  expect(calibration.disparity.difference).toBeCloseTo(0, 12);
  expect(readFileSync(join(cwd, 'c.md'), 'utf8')).toContain('What a probability means');
  const absent = await edgewise('fairness', ...flags, '--sensitive', 'age');
  expect(JSON.parse(absent.stdout).error.message).toContain('age');
});

test('fairness answers with thresholds by group or weights that would treat the groups alike', async () => {
  const rng = createRng(9);
  const rows = Array.from({ length: 400 }, (_, i) => {
    const sex = i % 2 ? 'f' : 'm';
    const q = Math.min(0.99, Math.max(0.01, rng() + (sex === 'f' ? -0.2 : 0.1)));
    return `${rng() < q ? 1 : 0},${q >= 0.5 ? 1 : 0},${q.toFixed(4)},${sex}`;
  });
  write('d.csv', ['y,p,q,sex', ...rows].join('\n'));
  const flags = ['--data', 'd.csv', '--truth', 'y', '--prediction', 'p', '--sensitive', 'sex'];
  const mitigated = async (...more: string[]) =>
    JSON.parse((await edgewise('fairness', ...flags, '--json', '--mitigate', ...more)).stdout);
  const { mitigation } = await mitigated('demographic_parity', '--probability', 'q');
  expect(mitigation.thresholds.f).toBeLessThan(mitigation.thresholds.m);
  expect(mitigation.before.demographicParityDifference).toBeGreaterThan(0.2);
  expect(mitigation.after.demographicParityDifference).toBeLessThan(0.01);
  const { weights } = (await mitigated('reweighing')).mitigation;
  expect(weights.map(({ group, positive }: Cell) => `${group} ${positive}`)).toEqual([
    'f false',
    'f true',
    'm false',
    'm true',
  ]);
  const { groups } = mitigation;
  expect(Math.abs(groups.f.after.rate - groups.m.after.rate)).toBeLessThan(0.01);
  expect(groups.f.before.rate).toBeLessThan(groups.m.before.rate);
  await mitigated('demographic_parity', '--probability', 'q', '--markdown', 'm.md');
  expect(readFileSync(join(cwd, 'm.md'), 'utf8')).toMatch(/\| Group \| Rows \| Yes from \|/);
  const total = weights.reduce((sum: number, { n, weight }: Cell) => sum + n * weight, 0);
  expect(total).toBeCloseTo(400, 9);
  const told = await edgewise('fairness', ...flags, '--mitigate', 'reweighing');
  expect(told.stdout).toContain('Train with weight');
  expect((await mitigated('equal_opportunity')).error.message).toContain('--probability');
});

type Cell = { group: string; positive: boolean; n: number; weight: number };

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
  for (const rows of [500, 6000]) {
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
    ...['drift', '--reference', 'a.csv', '--current', 'b.csv', '--html', 'a.csv/r.html'],
  );
  expect([nowhere.exitCode, nowhere.stderr]).toEqual([
    1,
    expect.stringContaining('a.csv is not a folder'),
  ]);
});

test('drift of a model wants no files, knows which methods profiles allow, and says where no server is', async () => {
  const ofModel = (...flags: string[]) =>
    edgewise('drift', 'delay-prediction', '--key', 'sk_x', '--json', ...flags);
  const mixed = await ofModel('--reference', 'a.csv');
  expect([mixed.exitCode, mixed.stdout]).toEqual([2, expect.stringContaining('go with CSV')]);
  const unknown = await ofModel('--methods', 'ess');
  expect(unknown.exitCode).toBe(2);
  expect(unknown.stdout).toContain('There is no method');
  const raw = await ofModel('--methods', 'correlation');
  expect([raw.exitCode, raw.stdout]).toEqual([2, expect.stringContaining('needs raw values')]);
  const away = await ofModel('--server', 'http://127.0.0.1:9');
  expect([away.exitCode, away.stdout]).toEqual([1, expect.stringContaining('unreachable')]);
  const neither = await edgewise('drift', '--json');
  expect([neither.exitCode, neither.stdout]).toEqual([2, expect.stringContaining('or a MODEL')]);
});

test('a relation that turned is found by the methods that see all columns, by no column alone', async () => {
  const related = (sign: number, seed: number): string => {
    const rng = createRng(seed);
    const lines = Array.from({ length: 400 }, () => {
      const x = normal(rng);
      return `${x.toFixed(4)},${(sign * x + 0.3 * normal(rng)).toFixed(4)},${normal(rng).toFixed(4)}`;
    });
    return ['x,y,z', ...lines].join('\n');
  };
  write('a.csv', related(1, 1));
  write('b.csv', related(-1, 2));
  const files = ['--reference', 'a.csv', '--current', 'b.csv', '--json'];
  const { stdout } = await edgewise('drift', ...files, '--methods', 'domain-classifier');
  const { dataset, multivariate } = JSON.parse(stdout);
  expect(dataset.drifted).toBe(false);
  expect(multivariate).toMatchObject([{ method: 'domain_classifier', drifted: true }]);
  expect(multivariate[0].statistic).toBeGreaterThan(0.8);
  const both = await edgewise(
    'drift',
    ...files,
    '--methods',
    'ks,reconstruction,correlation',
    '--markdown',
    'm.md',
  );
  expect(JSON.parse(both.stdout).columns[0].results[0].method).toBe('ks');
  expect(JSON.parse(both.stdout).multivariate).toMatchObject([
    { drifted: true },
    { method: 'correlation', drifted: true, pairs: [{ pair: 'x and y' }] },
  ]);
  expect(readFileSync(join(cwd, 'm.md'), 'utf8')).toMatch(/\*\*Drifted\.\*\* Nothing .* moved\./);
  expect(both.stderr).toContain('these move together otherwise: x and y');
});

/** y = 2x + noise that grows with x; what is predicted is 2x. */
function answeredCsv(rows: number, from: number, seed: number): string {
  const rng = createRng(seed);
  const lines = Array.from({ length: rows }, () => {
    const x = from + 2 * rng();
    return `${x.toFixed(4)},${rng() < 0.5 ? 'a' : 'b'},${(2 * x).toFixed(4)},${(2 * x + x * normal(rng)).toFixed(4)}`;
  });
  return ['x,kind,p,y', ...lines].join('\n');
}

test("a regressor's error is estimated without outcomes, and it says where not to believe it", async () => {
  write('r.csv', answeredCsv(1500, 0, 1));
  write('a.csv', answeredCsv(500, 0, 2));
  write('far.csv', answeredCsv(500, 5, 3));
  const flags = ['--reference', 'r.csv', '--prediction', 'p', '--label', 'y', '--chunk', '250'];
  const near = await edgewise('estimate', ...flags, '--analysis', 'a.csv', '--json');
  const { reference, chunks } = JSON.parse(near.stdout);
  expect(chunks.map((c: { n: number }) => c.n)).toEqual([250, 250]);
  for (const { mae, standardError, doubts } of chunks) {
    expect(Math.abs(mae - reference.mae)).toBeLessThan(4 * standardError);
    expect(doubts).toEqual([]);
  }
  const far = await edgewise(
    ...['estimate', ...flags, '--analysis', 'far.csv', '--json', '--markdown', 'r.md'],
  );
  expect(JSON.parse(far.stdout).chunks[0].doubts).toEqual(['beyond_reference']);
  expect(readFileSync(join(cwd, 'r.md'), 'utf8')).toContain('**Not to be believed.**');
  const neither = await edgewise(
    'estimate',
    '--reference',
    'r.csv',
    '--analysis',
    'a.csv',
    '--label',
    'y',
  );
  expect(neither.exitCode).toBe(2);
});

test('performance knows quantities from labels from decisions from probabilities', async () => {
  write('q.csv', answeredCsv(300, 0, 4));
  write('l.csv', 'y,p,d,q\na,a,1,0.8\nb,a,1,0.6\nc,c,0,0.3\na,b,0,0.2\n');
  const of = async (data: string, ...flags: string[]) =>
    JSON.parse((await edgewise('performance', '--data', data, '--json', ...flags)).stdout);
  const quantity = await of('q.csv', '--truth', 'y', '--prediction', 'p', '--chunk', '100');
  expect(quantity).toMatchObject({ task: 'regression', n: 300 });
  expect(quantity.chunks).toHaveLength(3);
  expect(await of('l.csv', '--truth', 'y', '--prediction', 'p')).toMatchObject({
    task: 'label',
    overall: [{ name: 'accuracy', value: 0.5 }, { name: 'balanced_accuracy' }],
  });
  expect(await of('l.csv', '--truth', 'd', '--prediction', 'd')).toMatchObject({
    task: 'decision',
    overall: [{ name: 'accuracy', value: 1 }, {}, {}, {}, {}],
  });
  expect(await of('l.csv', '--truth', 'd', '--probability', 'q')).toMatchObject({
    task: 'probability',
    overall: [{ name: 'roc_auc', value: 1, interval: null }, {}, {}, {}, {}, {}, {}, {}],
  });
  const bad = await of('q.csv', '--truth', 'y', '--probability', 'x');
  expect(bad.error.details[0]).toMatch(/row \d+, column "x": expected a probability/);
});

test('performance says at which row the error changed, by each detector that fits', async () => {
  const rng = createRng(6);
  const rows = Array.from({ length: 2000 }, (_, i) => {
    const isWrong = rng() < (i < 1000 ? 0.1 : 0.6);
    return `1,${isWrong ? 0 : 1},${(3 * normal(rng)).toFixed(3)},0.000`;
  });
  write('w.csv', ['y,p,error,zero', ...rows].join('\n'));
  const asked = async (...flags: string[]) =>
    JSON.parse((await edgewise('performance', '--data', 'w.csv', '--json', ...flags)).stdout);
  const labels = ['--truth', 'y', '--prediction', 'p'];
  const { concept } = await asked(...labels, '--detectors', 'hddm_w,adwin');
  for (const { drifts } of concept) {
    expect(drifts[0]).toBeGreaterThan(1000);
    expect(drifts[0]).toBeLessThan(1200);
  }
  const quantities = ['--truth', 'error', '--prediction', 'zero', '--task', 'regression'];
  const all = (await asked(...quantities, '--detectors', 'all')).concept;
  expect(all.map(({ detector }: { detector: string }) => detector)).toEqual([
    'adwin',
    'page_hinkley',
    'kswin',
  ]);
  await asked(...labels, '--detectors', 'all', '--html', 'w.html');
  expect(readFileSync(join(cwd, 'w.html'), 'utf8')).toContain('Where the error changed');
  expect((await asked(...quantities, '--detectors', 'ddm')).error.message).toContain('quantities');
  expect((await asked(...labels, '--detectors', 'dmm')).error.message).toContain('no detector');
});

test('every command that judges writes its report; nothing in it is NaN', async () => {
  write('q.csv', answeredCsv(300, 0, 5));
  write('d.csv', 'y,p,sex\n1,1,f\n0,0,f\n1,0,m\n0,1,m\n');
  write(
    'e.json',
    JSON.stringify({ control: arm(900, 100), treatment: arm(900, 120), test: 'welch' }),
  );
  const commands = [
    ['performance', '--data', 'q.csv', '--truth', 'y', '--prediction', 'p'],
    ['fairness', '--data', 'd.csv', '--truth', 'y', '--prediction', 'p', '--sensitive', 'sex'],
    ['experiment', '--input', 'e.json'],
  ];
  for (const [name, ...flags] of commands) {
    const { exitCode } = await edgewise(name, ...flags, '--html', 'r.html', '--markdown', 'r.md');
    expect([name, exitCode]).toEqual([name, 0]);
    for (const file of ['r.html', 'r.md'])
      expect(readFileSync(join(cwd, file), 'utf8')).not.toMatch(/NaN|undefined|Infinity/);
  }
});
