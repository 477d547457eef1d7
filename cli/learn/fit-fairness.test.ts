import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import { createTestFolder, type TestFolder } from '../test-support/test-folder.ts';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

/** Group b has lower x and fewer of yes; `club` misses now and then where it may. */
function rows(clubOf: (i: number) => string, count = 400): string {
  const rng = createRng(7);
  const lines = Array.from({ length: count }, (_, i) => {
    const club = clubOf(i);
    const x = rng() + (club === 'b' ? 0 : 0.4);
    return `${x.toFixed(3)},${rng().toFixed(3)},${club},${x + 0.5 * rng() > 0.95 ? 'yes' : 'no'}`;
  });
  return ['x,z,club,y', ...lines].join('\n');
}

const twoClubs = rows((i) => 'ab'[i % 2]);

const learn = (...rest: string[]) =>
  folder.edgewise(
    ...['fit', 'a.csv', '--target', 'y', '--task', 'binary', '--out', 'model', '--json'],
    ...['--algorithm', 'logistic-regression', ...rest],
  );

const club = ['--sensitive', 'club'];
const write = (text: string) => folder.write('a.csv', text);
const mixture = ['--mitigation', 'exponentiated-gradient'];
const manifest = () => JSON.parse(readFileSync(`${folder.path}/model/manifest.json`, 'utf8'));
const inputsOf = () => manifest().inputs.map(({ name }: { name: string }) => name);

test('a mixture brings selection rates together, and the folder says how', async () => {
  write(twoClubs);
  const { exitCode, report, stderr } = await learn(...club, ...mixture);
  expect(exitCode).toBe(0);
  const { before, after, mitigation } = report.fairness;
  const parity = 'demographicParityDifference';
  expect(before[parity].value).toBeGreaterThan(0.3);
  expect(after[parity].value).toBeLessThan(0.5 * before[parity].value);
  expect(after.change[parity].interval[1]).toBeLessThan(0);
  expect(before.accuracy.value).toBeGreaterThan(after.accuracy.value);
  expect(mitigation).toMatchObject({
    ...{ method: 'exponentiated-gradient', constraint: 'demographic_parity' },
    ...{ differenceBound: 0.01, learner: 'logistic-regression', models: report.members.length },
  });
  expect(mitigation.violation).toBeLessThan(0.0101);
  expect(manifest().fairness).toMatchObject({ sensitive: 'club', isInput: false, mitigation });
  expect(inputsOf()).toEqual(['x', 'z']);
  expect(report.fairness.trainingGroups.a.n + report.fairness.trainingGroups.b.n).toBe(320);
  expect(stderr).toMatch(/Before mitigation: accuracy 0\.\d+ \(.*selection rates differ by/);
  expect(stderr).toMatch(/After, decided by lot/);
});

test('a mixture is predicted and explained like any model, from a file that does not tell groups', async () => {
  write(twoClubs);
  const { report } = await learn(...club, ...mixture);
  folder.write('b.csv', 'x,z\n0.1,0.5\n0.7,0.5\n1.4,0.5');
  await folder.edgewise('predict', 'model', '--data', 'b.csv', '--out', 'p.csv');
  const weights = report.members.map(({ weight }: { weight: number }) => weight);
  const sums = weights.reduce(
    (known: number[], weight: number) => known.flatMap((sum) => [sum, sum + weight]),
    [0],
  );
  for (const line of folder.read('p.csv').trim().split('\n').slice(1)) {
    const chance = Number(line.split(',')[2]);
    expect(Math.min(...sums.map((sum: number) => Math.abs(sum - chance)))).toBeLessThan(1e-5);
  }
  const why = await folder.edgewise(
    'explain',
    'model',
    '--data',
    'b.csv',
    '--out',
    'why.json',
    '--json',
  );
  expect(why.exitCode).toBe(0);
});

test('thresholds by group need the group among the inputs, and hold what they are to hold', async () => {
  write(twoClubs);
  const threshold = [...club, '--mitigation', 'threshold', '--constraint', 'equalized_odds'];
  const { report } = await learn(...threshold, '--sensitive-input');
  expect(inputsOf()).toEqual(['x', 'z', 'club']);
  expect(Object.keys(report.fairness.mitigation.rules)).toEqual(['a', 'b']);
  const { before, after, afterAtHalf } = report.fairness;
  expect(after.equalizedOddsDifference.value).toBeLessThan(before.equalizedOddsDifference.value);
  expect(afterAtHalf.accuracy.interval[0]).toBeLessThan(afterAtHalf.accuracy.value);
  folder.write('b.csv', 'x,z,club\n0.7,0.5,a\n0.7,0.5,b\n0.7,0.5,c\n0.7,0.5,');
  const predicted = await folder.edgewise('predict', 'model', '--data', 'b.csv', '--out', 'p.csv');
  expect(predicted.exitCode).toBe(0);
  const [a, b] = folder
    .read('p.csv')
    .split('\n')
    .slice(1)
    .map((line) => line.split(',')[2]);
  expect(a).not.toBe(b);
});

test('reweighing leaves one model with probabilities; without mitigation groups are compared alone', async () => {
  write(twoClubs);
  const { report } = await learn(...club, '--mitigation', 'reweighing');
  expect(report).toMatchObject({ algorithm: 'logistic-regression', members: [{ weight: 1 }] });
  expect(report.fairness.after.isDrawn).toBe(false);
  expect(report.fairness.afterAtHalf).toBeNull();
  const plain = await learn(...club);
  expect(plain.report.fairness).toMatchObject({ mitigation: null, after: null });
  expect(plain.report.fairness.before).toEqual(report.fairness.before);
});

test('who does not say is a group, and test groups too small to compare are named', async () => {
  write(rows((i) => (i % 8 === 0 ? '' : 'ab'[i % 2])));
  const { report, stderr } = await learn(...club, ...mixture);
  expect(Object.keys(report.fairness.trainingGroups)).toEqual(['a', 'b', 'missing']);
  expect(report.fairness.tooSmall).toContain('missing');
  expect(stderr).toMatch(/Too few test rows to compare .*missing/);
});

test('columns of numbers tell groups too', async () => {
  write(
    rows((i) => 'ab'[i % 2])
      .replaceAll(',a,', ',1,')
      .replaceAll(',b,', ',0,'),
  );
  const { report } = await learn(...club, ...mixture);
  expect(Object.keys(report.fairness.trainingGroups)).toEqual(['0', '1']);
});

test('two columns make groups of their combinations', async () => {
  const lines = twoClubs
    .split('\n')
    .map((line, i) => `${i === 0 ? 'side' : ['l', 'r'][i % 3 === 0 ? 0 : 1]},${line}`);
  write(lines.join('\n'));
  const both = ['--sensitive', 'side,club', '--min-group-size', '10'];
  const { report } = await learn(...both, ...mixture);
  expect(Object.keys(report.fairness.trainingGroups)).toEqual(['l,a', 'l,b', 'r,a', 'r,b']);
  expect(inputsOf()).toEqual(['x', 'z']);
  const thresholds = await learn(...both, '--mitigation', 'threshold', '--sensitive-input');
  expect(Object.keys(thresholds.report.fairness.mitigation.rules)).toHaveLength(4);
  const { before, after } = thresholds.report.fairness;
  const figure = 'demographicParityDifference';
  expect(after[figure].value).toBeLessThan(before[figure].value);
});

const reweighing = ['--mitigation', 'reweighing'];
const refused: [what: string, text: string, flags: string[], exitCode: number, named: RegExp][] = [
  ['a column that is not there', twoClubs, ['--sensitive', 'c', ...reweighing], 2, /no column "c"/],
  ['the target', twoClubs, ['--sensitive', 'y'], 2, /is the target/],
  ['one group', rows(() => 'a'), [...club, ...reweighing], 1, /"club" tells no groups apart/],
  [
    'a group of few rows',
    rows((i) => (i < 9 ? 'b' : 'a')),
    [...club, ...mixture],
    1,
    /Group "b" .* 20 are needed/,
  ],
  ['many groups', rows((i) => `g${i % 23}`), [...club, ...reweighing], 1, /23 groups; 20 at most/],
  [
    'names of rows',
    rows((i) => `id${i}`),
    [...club, ...reweighing],
    1,
    /"club" tells no groups apart/,
  ],
  ['no column', twoClubs, mixture, 2, /--mitigation needs --sensitive/],
  [
    'thresholds of blind models',
    twoClubs,
    [...club, '--mitigation', 'threshold'],
    2,
    /add --sensitive-input/,
  ],
  [
    'a bound without a mixture',
    twoClubs,
    [...club, ...reweighing, '--difference-bound', '0.1'],
    2,
    /--difference-bound/,
  ],
  [
    'a constraint without a mitigation',
    twoClubs,
    [...club, '--constraint', 'equalized_odds'],
    2,
    /--constraint/,
  ],
  [
    'probabilities to be honest',
    twoClubs,
    [...club, ...mixture, '--calibrate', 'sigmoid'],
    2,
    /leave one out/,
  ],
  [
    'rows to be dropped',
    twoClubs,
    [...club, ...mixture, '--outliers', 'drop-mad'],
    2,
    /--outliers/,
  ],
];

test.each(refused)('%s: refused by name', async (...given) => {
  const [, text, flags, exitCode, named] = given;
  write(text);
  const found = await learn(...flags);
  expect(found.report.error.message).toMatch(named);
  expect(found.exitCode).toBe(exitCode);
});

test('a group without a yes has no true positive rate to be alike', async () => {
  const text = rows((i) => 'ab'[i % 2]).replaceAll(/,b,yes/g, ',b,no');
  write(text);
  const { report } = await learn(...club, ...mixture, '--constraint', 'true_positive_rate_parity');
  expect(report.error.message).toMatch(/No row of group "b" .* is "yes"/);
});
