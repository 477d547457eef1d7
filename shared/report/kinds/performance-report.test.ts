import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import { type Answers, modelPerformance } from '../../stats/performance/model-performance.ts';
import { renderHtml } from '../html/render-html.ts';
import { renderMarkdown } from '../markdown/render-markdown.ts';
import { histogramOfNumbers } from './column-shape.ts';
import type { ErrorChanges } from './error-changes.ts';
import { performanceReport } from './performance-report.ts';

const rng = createRng(3);

function probabilities(rows: number, honest: (p: number, row: number) => number): Answers {
  const probabilities = Array.from({ length: rows }, () => rng());
  const truth = probabilities.map((p, row) => (rng() < honest(p, row) ? 1 : 0));
  return { task: 'probability', truth, probabilities, threshold: 0.5 };
}

function regression(
  rows: number,
  noise: (row: number) => number,
  bias = (_: number) => 0,
): Answers {
  const predicted = Array.from({ length: rows }, () => 10 + normal(rng));
  const truth = predicted.map((x, row) => x + bias(row) + noise(row) * normal(rng));
  return { task: 'regression', truth, predicted };
}

const reportOf = (answers: Answers, chunk = 500, changes: ErrorChanges | null = null) => {
  const histogram = histogramOfNumbers([{ name: 'a', values: Float64Array.of(1, 2, 3.5) }], 'x');
  const about = { title: 'Performance', subject: 'a file', histogram, changes };
  return performanceReport(modelPerformance(answers, chunk), about);
};

test('the verdict tells steady from worse, from uneven, and from probabilities that lie', () => {
  expect(reportOf(probabilities(4000, (p) => p)).verdict).toMatchObject({ word: 'Steady' });
  expect(reportOf(probabilities(4000, (p) => 0.3 + 0.4 * p)).verdict).toMatchObject({
    tone: 'unsure',
    word: 'Miscalibrated',
  });
  const worse = reportOf(regression(4000, (row) => 1 + row / 2000)).verdict;
  expect(worse).toMatchObject({ tone: 'bad', word: 'Worsens' });
  expect(worse.sentence).toContain('Mean absolute error');
  const uneven = reportOf(regression(4000, (row) => (row > 1500 && row < 2500 ? 2 : 1))).verdict;
  expect(uneven.word).toBe('Varies');
  const biased = reportOf(
    regression(
      4000,
      () => 1,
      (row) => (row / 4000) * -0.6,
    ),
  ).verdict;
  expect(biased.sentence).toMatch(/gets worse over time: .*Mean error\./);
});

test('few chunks are measured and no change is claimed', () => {
  const few = reportOf(regression(800, () => 1));
  expect(few.verdict).toMatchObject({ tone: 'plain', word: 'Measured' });
  expect(few.verdict.sentence).toContain('Too few chunks to tell of change.');
});

test('three hundred chunks, and labels of many kinds, stay small; nothing is NaN', () => {
  const many = reportOf(
    probabilities(20_000, (p) => p),
    2,
  );
  expect(renderHtml(many).length).toBeLessThan(600_000);
  const truth = Array.from({ length: 3000 }, (_, i) => `<label ${i % 300}>`);
  const labels = reportOf({ task: 'label', truth, predicted: truth.toReversed() });
  for (const text of [renderHtml(many), renderHtml(labels), renderMarkdown(labels)])
    expect(/NaN|Infinity|undefined|<label/.exec(text)).toBeNull();
  expect(JSON.parse(JSON.stringify(many))).toEqual(many);
});

test('detectors stand in lanes under the error, with their rows, however often they speak', () => {
  const n = 50_000;
  const errors = Float64Array.from({ length: n }, (_, i) => (i < n / 2 ? 0 : 1));
  const often = Array.from({ length: n / 10 }, (_, i) => 10 * (i + 1));
  const found: ErrorChanges['found'] = [
    { detector: 'kswin', drifts: often, warnings: [] },
    { detector: 'ddm', drifts: [25_040], warnings: [25_010] },
    { detector: 'page_hinkley', drifts: [], warnings: [] },
  ];
  const answers = probabilities(2000, (p) => p);
  const report = reportOf(answers, 500, { found, errors, isQuantity: false });
  expect(report.verdict.sentence).toContain(
    '2 of 3 detectors say that the error changed, at row 25\u202f040: KSWIN, DDM.',
  );
  const html = renderHtml(report);
  expect(html.length).toBeLessThan(200_000);
  expect(html).toContain('DDM changed at row 25\u202f040');
  expect(html).toContain('DDM warned at row 25\u202f010');
  expect(html).toContain('KSWIN changed at row 10 and 49 more');
  const markdown = renderMarkdown(report);
  expect(markdown).toMatch(
    /\| DDM \| share wrong .* \| changed \| 1 \| 25\u202f010 \| 25\u202f040 \|/,
  );
  expect(markdown).toMatch(/Page-Hinkley \| .* \| no change \| 0 \| – \| – \|/);
  expect(markdown).toContain('and 4992 more');
});
