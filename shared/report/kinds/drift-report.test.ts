import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import { compareTables, type TableColumn } from '../../stats/drift/compare-tables.ts';
import { compareWindow, profilePairs } from '../../stats/drift/compare-window.ts';
import type { SamplePair } from '../../stats/drift/sample.ts';
import { addCategory } from '../../stats/profile/column-profile.ts';
import { buildReferenceProfile } from '../../stats/profile/reference-profile.ts';
import { createProfile } from '../../stats/profile/traffic-profile.ts';
import { renderHtml } from '../html/render-html.ts';
import { renderMarkdown } from '../markdown/render-markdown.ts';
import { shapeOfProfiles, shapeOfSamples } from './column-shape.ts';
import { summaryOfProfiles, summaryOfSamples } from './column-summary.ts';
import { driftReport } from './drift-report.ts';

const HOSTILE = '<script>"&\'`=|\u202e'.repeat(20);

function reportOf(columns: readonly TableColumn[]) {
  const rng = createRng(1);
  const drift = compareTables(columns, { methods: ['auto'], alpha: 0.05, rng });
  const pairs = new Map(columns.map(({ column, pair }) => [column, pair]));
  const lookAt = (column: string) => {
    const pair = pairs.get(column)!;
    return { shape: shapeOfSamples(pair), summary: summaryOfSamples(pair) };
  };
  return driftReport(drift, { title: HOSTILE, subject: HOSTILE, alpha: 0.05, lookAt });
}

const numbers = (n: number, shift: number, seed: number): SamplePair['reference'] => {
  const rng = createRng(seed);
  return { type: 'number', values: Float64Array.from({ length: n }, () => normal(rng) + shift) };
};

test('the columns that moved come first, the verdict names them, and each is a fold', () => {
  const report = reportOf([
    { column: 'still', pair: { reference: numbers(300, 0, 1), current: numbers(200, 0, 2) } },
    { column: 'moved', pair: { reference: numbers(300, 0, 3), current: numbers(200, 1, 4) } },
    { column: 'none', pair: { reference: numbers(0, 0, 1), current: numbers(0, 0, 1) } },
  ]);
  expect(report.verdict).toMatchObject({
    tone: 'bad',
    sentence: '1 of 3 columns moved beyond chance: moved. 1 column had too little data.',
  });
  const folds = report.sections[1].blocks.flatMap((block) =>
    block.kind === 'fold' ? [[block.heading, block.mark, block.isOpen]] : [],
  );
  expect(folds).toEqual([
    ['moved', 'Drifted', true],
    ['still', 'No drift', false],
    ['none', 'Too little data', false],
  ]);
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});

test('a table of two thousand columns with the worst of names is below a megabyte', () => {
  const rng = createRng(5);
  const categories = (n: number): SamplePair['reference'] => ({
    type: 'category',
    values: Array.from({ length: n }, () => `${HOSTILE}${Math.floor(rng() * 30)}`),
  });
  const columns = Array.from({ length: 2000 }, (_, i): TableColumn => {
    const pair =
      i % 2 === 0
        ? { reference: categories(20), current: categories(20) }
        : { reference: numbers(20, 0, i), current: numbers(20, 2, i + 1) };
    return { column: `${HOSTILE}${i}`, pair };
  });
  const report = reportOf(columns);
  expect(renderHtml(report).length).toBeLessThan(1_000_000);
  expect(renderMarkdown(report).length).toBeLessThan(1_000_000);
});

test('constant, whole, far-out and infinite ranges have bins that hold all values', () => {
  const shapes = [[3, 3, 3], [1, 2, 2, 5], [-1.7e308, 0, 1.7e308], []].map((values) => {
    const sample = { type: 'number' as const, values: Float64Array.from(values) };
    return shapeOfSamples({ reference: sample, current: sample });
  });
  for (const shape of shapes) {
    if (shape.type !== 'histogram') throw new Error('numbers have bins');
    expect(shape.edges.every(Number.isFinite)).toBe(true);
  }
  const far = numbers(1000, 0, 9);
  far.values[0] = 1e9;
  const shape = shapeOfSamples({ reference: far, current: far });
  if (shape.type !== 'histogram') throw new Error('numbers have bins');
  expect(shape.isOpenEnded).toBe(true);
  expect(shape.edges[shape.edges.length - 1]).toBeLessThan(10);
  expect(shape.series[0].shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);
});

test('a profile is drawn in its own bins, also when it has one edge or none', () => {
  const profile = (edges: number[], counts: number[]) => ({
    ...{ type: 'number' as const, edges, counts },
    ...{ missing: 0, sum: 0, sumSquares: 0 },
  });
  const shape = shapeOfProfiles(profile([0, 1, 3], [1, 1, 1, 1]), profile([0, 1, 3], [4, 0, 0, 0]));
  expect(shape).toMatchObject({
    edges: [-1, 0, 1, 3, 5],
    isOpenEnded: true,
    series: [{ shares: [0.25, 0.25, 0.25, 0.25] }, { shares: [1, 0, 0, 0] }],
  });
  expect(shapeOfProfiles(profile([2], [1, 1]), profile([2], [0, 2]))).toMatchObject({
    edges: [1, 2, 3],
  });
  expect(shapeOfProfiles(profile([], [5]), profile([], [2]))).toMatchObject({
    labels: ['every value'],
  });
});

test('a window of traffic is reported from profiles alone, a category unseen in training among the others', () => {
  const rng = createRng(6);
  const minutes = Float64Array.from({ length: 500 }, () => 20 + normal(rng));
  const weather = Array.from(minutes, () => (rng() < 0.7 ? 'dry' : 'rain'));
  const reference = buildReferenceProfile({
    inputs: {
      minutes: { type: 'number', values: minutes },
      weather: { type: 'category', values: weather, categories: ['dry', 'rain'] },
    },
    prediction: minutes,
    target: minutes,
  });
  const traffic = createProfile(reference);
  for (let i = 0; i < 300; i++) {
    const column = traffic.inputs.weather;
    if (column.type === 'category') addCategory(column, rng() < 0.4 ? 'hail' : 'dry');
  }
  const drift = compareWindow(reference, traffic, { methods: ['auto'], alpha: 0.05, rng });
  const pairs = new Map(profilePairs(reference, traffic));
  const lookAt = (column: string) => {
    const { reference, current } = pairs.get(column)!;
    return {
      shape: shapeOfProfiles(reference, current),
      summary: summaryOfProfiles(reference, current),
    };
  };
  const report = driftReport(drift, { title: 'x', subject: 'y', alpha: 0.05, lookAt });
  expect(report.verdict.sentence).toContain('moved beyond chance: weather');
  const html = renderHtml(report);
  expect(html).toContain('every other value');
  expect(/NaN|undefined|Infinity/.exec(html)).toBeNull();
});
