import { expect, test } from 'vitest';
import { findMetrics, type MetricQuestion } from '../../stats/experiment/findings.ts';
import { renderHtml } from '../html/render-html.ts';
import { renderMarkdown } from '../markdown/render-markdown.ts';
import { experimentReport } from './experiment-report.ts';

const about = { title: 'Experiment', subject: 'a file' };

const asked = (
  name: string,
  events: number,
  more: Partial<MetricQuestion> = {},
): MetricQuestion => ({
  name,
  control: { kind: 'proportion', n: 10_000, sum: 1000 },
  treatment: { kind: 'proportion', n: 10_000, sum: events },
  test: 'welch',
  alternative: 'two-sided',
  effect: 'relative',
  alpha: 0.05,
  tuning: 5000,
  prior: null,
  minEffect: null,
  weights: null,
  days: [],
  segments: [],
  ...more,
});

const verdictOf = (...questions: MetricQuestion[]) =>
  experimentReport(findMetrics(questions), about).verdict;

test('the verdict says which metrics moved and in which direction that is better', () => {
  expect(verdictOf(asked('clicks', 1200))).toMatchObject({ tone: 'good', word: 'Better' });
  expect(verdictOf(asked('errors', 1200, { isInverse: true }))).toMatchObject({ word: 'Worse' });
  expect(verdictOf(asked('clicks', 1010), asked('errors', 1005))).toMatchObject({
    tone: 'unsure',
    sentence: 'None of 2 metrics moved beyond chance.',
  });
  const mixed = verdictOf(asked('clicks', 1200), asked('errors', 1200, { isInverse: true }));
  expect(mixed).toEqual({
    tone: 'bad',
    word: 'Mixed',
    sentence: 'Better: clicks. Worse: errors.',
  });
});

test('p is adjusted over the metrics: one in ten that is just below alpha did not move', () => {
  const lucky = asked('lucky', 1095);
  expect(findMetrics([lucky])[0].answer).toMatchObject({ value: { direction: 'better' } });
  const ten = findMetrics([lucky, ...Array.from({ length: 9 }, (_, i) => asked(`m${i}`, 1001))]);
  expect(ten[0].answer).toMatchObject({ value: { direction: 'unsettled' } });
});

test('a metric that moved only when looked at alone does not tell to ship on a page that calls it not settled', () => {
  const lucky = asked('lucky', 1095, { minEffect: 0.01 });
  const others = Array.from({ length: 9 }, (_, i) => asked(`m${i}`, 1001));
  const told = renderMarkdown(experimentReport(findMetrics([lucky, ...others]), about));
  expect(told).toMatch(/Keep running until [\d,]+ units: the effect is .*adjusted for 10 metrics/);
  expect(told).not.toMatch(/^Ship/m);
  expect(renderMarkdown(experimentReport(findMetrics([lucky]), about))).toMatch(/^Ship/m);
});

test('a metric that is not worse by more than is borne is told so, and is no reason to wait', () => {
  const held = asked('errors', 1005, { margin: 0.1, isInverse: true });
  expect(verdictOf(held)).toMatchObject({ tone: 'good', word: 'Not worse' });
  expect(verdictOf(held).sentence).toContain('Ship: not worse by more than the 10 % borne');
  expect(verdictOf(held, asked('clicks', 1010)).sentence).toBe(
    'Not worse by more than is borne: errors.',
  );
  const worse = asked('clicks', 700, { margin: 0.1 });
  expect(verdictOf(worse)).toMatchObject({ tone: 'bad', word: 'Worse' });
  const page = renderMarkdown(experimentReport(findMetrics([held]), about));
  expect(page).toMatch(/p of being worse by more \| 0\.0/);
});

test('an interval is called what it is, and every minus is one sign', () => {
  const two = [asked('clicks', 1200), asked('errors', 970, { minEffect: 0.05 })];
  const page = renderMarkdown(experimentReport(findMetrics(two), about));
  expect(page).toContain('All metrics; p and intervals are adjusted over them:');
  expect(page).toMatch(/\| +95 % adjusted interval +\|/);
  expect(page).not.toMatch(/\| +95 % interval +\|/);
  expect(page).not.toMatch(/[^e]-\d/);
  const alone = renderMarkdown(
    experimentReport(findMetrics([asked('a', 970, { alpha: 0.1 })]), about),
  );
  expect(alone).toMatch(/\| +90 % interval +\|/);
});

test('a broken split comes before everything, and a decision is given where an effect has a worth', () => {
  const weights: [number, number] = [0.6, 0.4];
  const broken = [asked('clicks', 1200, { weights }), asked('errors', 900, { weights })];
  for (const some of [broken.slice(0, 1), broken]) {
    expect(verdictOf(...some).word).toBe('Broken split');
    const page = renderMarkdown(experimentReport(findMetrics(some), about));
    expect(page).toContain('Not to be trusted');
    expect(page).not.toMatch(/\bBetter\b|\bWorse\b/);
  }
  const verdict = verdictOf(asked('clicks', 1200, { minEffect: 0.01, weights: [1, 1] }));
  expect(verdict.sentence).toContain('Ship: the effect is');
  const harm = verdictOf(asked('errors', 1200, { minEffect: 0.01, isInverse: true }));
  expect(harm.sentence).toContain('Stop: the effect is harm');
});

test('what cannot be told says why, open bounds are open, and nothing is NaN', () => {
  const none = asked('none', 0, { control: { kind: 'proportion', n: 0, sum: 0 } });
  const oneSided = asked('clicks', 1200, { alternative: 'greater' });
  const bayesian = asked('bayes', 1200, { test: 'bayesian' });
  const report = experimentReport(findMetrics([none, oneSided, bayesian]), about);
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  const texts = [renderHtml(report), renderMarkdown(report)];
  for (const text of texts) {
    expect(text).toContain('Too few units: an arm has 0, 2 are needed.');
    expect(text).toContain('to ∞');
    expect(text).not.toMatch(/NaN|Infinity|undefined/);
  }
});

test('an effect by day and by segment is told and drawn', () => {
  const arm = (sum: number) => ({ kind: 'proportion' as const, n: 4000, sum });
  const part = (name: string, sum: number) => ({ name, control: arm(400), treatment: arm(sum) });
  const days = [640, 600, 560, 520, 480, 440].map((sum, i) => part(`day ${i + 1}`, sum));
  const segments = [part('ios', 440), part('<b>web</b>', 700)];
  const report = experimentReport(findMetrics([asked('clicks', 1200, { days, segments })]), about);
  const html = renderHtml(report);
  expect(html).toContain('The effect wears off');
  expect(html).toContain('The effect is another in');
  expect(html).not.toContain('<b>web');
});
