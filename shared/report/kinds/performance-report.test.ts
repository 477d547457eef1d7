import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import { type Answers, modelPerformance } from '../../stats/performance/model-performance.ts';
import { renderHtml } from '../html/render-html.ts';
import { renderMarkdown } from '../markdown/render-markdown.ts';
import { histogramOfNumbers } from './column-shape.ts';
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

const reportOf = (answers: Answers, chunk = 500) => {
  const histogram = histogramOfNumbers([{ name: 'a', values: Float64Array.of(1, 2, 3.5) }], 'x');
  const about = { title: 'Performance', subject: 'a file', histogram };
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
