import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import { createTestFolder, type TestFolder } from '../test-support/test-folder.ts';

let folder: TestFolder;

type Row = {
  prediction: number;
  label?: string;
  base: number;
  contributions: Record<string, number>;
};
type Changed = Row & {
  wanted: { label?: string };
  counterfactuals: { changes: Record<string, unknown>; prediction: number }[];
};
const rowsOf = (name: string): Row[] => JSON.parse(folder.read(name)).rows;
const explain = (model: string, ...flags: string[]) =>
  folder.edgewise(
    ...['explain', model, '--data', 'new.csv', '--out', 'why.json', '--json'],
    ...flags,
  );

beforeAll(async () => {
  folder = createTestFolder();
  const rng = createRng(5);
  const rows = Array.from({ length: 160 }, (_, i) => {
    const [x, hour] = [10 * rng(), Math.floor(24 * rng())];
    const when = `2026-03-${String(1 + (i % 28)).padStart(2, '0')} ${String(hour).padStart(2, '0')}:30`;
    const kind = ['red', 'green'][i % 2];
    const size = x + (hour > 16 ? 5 : 0) + (kind === 'red' ? 2 : 0);
    return `${when},${x.toFixed(3)},${kind},${size.toFixed(3)},${size > 8 ? 'large' : 'small'}`;
  });
  const header = 'when,x,kind,size,class';
  folder.write('a.csv', [header, ...rows].join('\n'));
  folder.write('new.csv', [header, ...rows.slice(0, 30)].join('\n'));
  folder.write(
    'inputs.csv',
    ['x,kind', ...rows.map((row) => row.split(',').slice(1, 3))].join('\n'),
  );
  const learn = (out: string, ...flags: string[]) =>
    folder.edgewise('fit', 'a.csv', '--out', out, ...flags);
  await learn('size', '--target', 'size', '--task', 'regression', '--algorithm', 'ridge');
  await learn(
    'class',
    '--target',
    'class',
    '--task',
    'binary',
    '--algorithm',
    'logistic-regression',
  );
  await learn(
    'neighbours',
    '--target',
    'class',
    '--task',
    'binary',
    '--algorithm',
    'nearest-neighbours',
  );
  await folder.edgewise(
    ...['fit', 'inputs.csv', '--task', 'clustering', '--algorithm', 'k-means', '--out', 'groups'],
  );
});
afterAll(() => folder.remove());

const sumOf = ({ base, contributions }: Row): number =>
  Object.values(contributions).reduce((sum, value) => sum + value, base);

test('contributions are by the columns of the file, however many inputs came of one', async () => {
  const { exitCode, report } = await explain('size');
  expect(exitCode).toBe(0);
  expect(report).toMatchObject({
    rows: 30,
    units: 'size',
    methods: ['linear-shap'],
    isExact: true,
  });
  for (const row of rowsOf('why.json')) {
    expect(Object.keys(row.contributions).sort()).toEqual(['class', 'kind', 'when', 'x']);
    expect(sumOf(row)).toBeCloseTo(row.prediction, 4);
  }
});

test('probabilities of a logistic model are explained in probabilities, or in log odds if asked', async () => {
  const chance = await explain('class');
  expect(chance.report).toMatchObject({ units: 'probability', methods: ['linked-linear-shap'] });
  const [first] = rowsOf('why.json');
  expect(first.prediction).toBeGreaterThan(0);
  expect(first.prediction).toBeLessThan(1);
  expect(sumOf(first)).toBeCloseTo(first.prediction, 4);
  const odds = await explain('class', '--space', 'margin');
  expect(odds.report).toMatchObject({ units: 'log odds', methods: ['linear-shap'] });
  const [inOdds] = rowsOf('why.json');
  expect(1 / (1 + Math.exp(-inOdds.prediction))).toBeCloseTo(first.prediction, 4);
});

test('a model without margins says so', async () => {
  const { exitCode, report } = await explain('neighbours', '--space', 'margin');
  expect(exitCode).toBe(2);
  expect(report.error.message).toContain('leave out --space');
});

test('of a cluster being in it is explained, and its number is a name', async () => {
  const { report } = await explain('groups');
  expect(report.units).toBe('share of rows in the cluster');
  for (const row of rowsOf('why.json')) {
    expect(row.label).toMatch(/^\d+$/);
    expect(row.prediction).toBe(1);
    expect(row.base).toBeLessThan(1);
    expect(sumOf(row)).toBeCloseTo(1, 6);
  }
});

test('Ctrl-C keeps the rows that are explained', async () => {
  const before = process.listenerCount('SIGINT');
  const running = explain('neighbours');
  while (process.listenerCount('SIGINT') === before)
    await new Promise((resolve) => setImmediate(resolve));
  process.emit('SIGINT');
  const { exitCode, report, stderr } = await running;
  expect(exitCode).toBe(1);
  expect(stderr).toContain('keeping what is there');
  expect(report.rows).toBeGreaterThan(0);
  expect(report.rows).toBeLessThan(30);
  expect(rowsOf('why.json')).toHaveLength(report.rows);
  expect(process.listenerCount('SIGINT')).toBe(before);
});

test('counterfactuals reach the other class, or the range asked for, and leave fixed columns alone', async () => {
  const { exitCode } = await explain(
    'class',
    '--rows',
    '6',
    '--counterfactuals',
    '2',
    '--fixed',
    'when,kind',
  );
  expect(exitCode).toBe(0);
  const changed: Changed[] = JSON.parse(folder.read('why.json')).rows;
  for (const { prediction, counterfactuals, wanted } of changed) {
    expect(wanted.label).toBe(prediction >= 0.5 ? 'large' : 'small');
    for (const { changes, prediction: reached } of counterfactuals) {
      expect(Object.keys(changes).every((name) => name === 'x' || name === 'size')).toBe(true);
      expect(reached).toBeGreaterThanOrEqual(0.5);
    }
  }
  expect(changed.some(({ counterfactuals }) => counterfactuals.length > 0)).toBe(true);
  await explain('size', '--rows', '4', '--counterfactuals', '1', '--wanted', '12..');
  const sizes: Changed[] = JSON.parse(folder.read('why.json')).rows;
  for (const { prediction, counterfactuals } of sizes) {
    if (prediction >= 12) expect(counterfactuals).toEqual([]);
    for (const answer of counterfactuals) expect(answer.prediction).toBeGreaterThanOrEqual(12);
  }
});

test.each([
  [['--wanted', 'small'], 'go with --counterfactuals'],
  [['--counterfactuals', '1', '--wanted', 'huge'], 'there are large, small'],
  [['--counterfactuals', '1', '--fixed', 'colour'], '--fixed colour: the model reads when, x'],
])('%j is wrong usage', async (flags, message) => {
  const { exitCode, report } = await explain('class', ...flags);
  expect(exitCode).toBe(2);
  expect(report.error.message).toContain(message);
});

test('effects and importance say how the model goes with each column', async () => {
  const { exitCode } = await explain('size', '--effects', '--importance');
  expect(exitCode).toBe(0);
  const { effects, importance } = JSON.parse(folder.read('why.json'));
  const x = effects.find(({ column }: { column: string }) => column === 'x');
  for (const curve of [x.partialDependence, x.accumulatedLocalEffects]) {
    const { values, effects: means } = curve;
    const last = values.length - 1;
    // The target is x and something else.
    expect((means[last] - means[0]) / (values[last] - values[0])).toBeGreaterThan(0.5);
  }
  const kind = effects.find(({ column }: { column: string }) => column === 'kind');
  expect(kind.accumulatedLocalEffects).toBeNull();
  const shares: number[] = Object.values(importance.shares);
  expect(Object.keys(importance.shares).sort()).toEqual(['class', 'kind', 'when', 'x']);
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 8);
  expect((await explain('groups', '--effects')).exitCode).toBe(2);
  expect((await explain('groups', '--importance')).exitCode).toBe(2);
});
