import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRng, normal } from '../../shared/core/rng.ts';
import { createTestFolder, type TestFolder } from '../test-support/test-folder.ts';

let folder: TestFolder;

beforeAll(() => {
  folder = createTestFolder();
  const rng = createRng(5);
  const rows = Array.from({ length: 300 }, () => [normal(rng), normal(rng)].join(','));
  folder.write('a.csv', ['x,y', ...rows].join('\n'));
  folder.write('new.csv', 'x,y\n0.1,0.2\n9,-8\n-0.3,0.4');
});
afterAll(() => folder.remove());

const fitTo = (out: string, ...rest: string[]) =>
  folder.edgewise(
    ...['fit', 'a.csv', '--task', 'anomaly', '--algorithm', 'histogram-score', '--out', out],
    ...['--json', ...rest],
  );

test('scores come with a p value and whether they are above the threshold', async () => {
  const { report } = await fitTo('model');
  expect(report.metrics.test.flagged).toBeLessThan(10);
  await folder.edgewise('predict', 'model', '--data', 'new.csv', '--out', 'p.csv');
  const [header, ...lines] = folder.read('p.csv').trimEnd().split('\n');
  expect(header).toBe('prediction,p_value,is_anomaly');
  const [usual, strange, other] = lines.map((line) => line.split(',').map(Number));
  expect(strange[1]).toBeCloseTo(1 / 241, 6);
  expect([usual[2], strange[2], other[2]]).toEqual([0, 1, 0]);
  expect(Math.min(usual[1], other[1])).toBeGreaterThan(0.05);
});

test('the share of rows to flag can be asked for, and other words cannot', async () => {
  const few = await fitTo('few', '--threshold', '0.01');
  const many = await fitTo('many', '--threshold', '0.3');
  expect(many.report.metrics.test.threshold).toBeLessThan(few.report.metrics.test.threshold);
  expect(many.report.metrics.test.flagged).toBeGreaterThan(8);
  const wrong = await fitTo('wrong', '--threshold', 'much');
  expect(wrong.exitCode).toBe(2);
});
