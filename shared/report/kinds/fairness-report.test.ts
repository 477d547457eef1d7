import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import { biasDrift } from '../../stats/fairness/bias-drift.ts';
import { groupDifferences } from '../../stats/fairness/group-differences.ts';
import { type Decisions, measureFairness } from '../../stats/fairness/group-metrics.ts';
import { renderHtml } from '../html/render-html.ts';
import { renderMarkdown } from '../markdown/render-markdown.ts';
import { fairnessReport } from './fairness-report.ts';
import type { Mitigation } from './mitigation-section.ts';

const rng = createRng(7);

function decisions(n: number, groupCount: number, gap: number): Decisions {
  const groups = Array.from({ length: n }, () => `<group ${Math.floor(rng() * groupCount)}>`);
  const truth = groups.map(() => rng() < 0.4);
  const prediction = groups.map((group) => rng() < (group === '<group 0>' ? 0.4 - gap : 0.4));
  return { truth, prediction, groups };
}

function reportOf(
  sample: Decisions,
  windows: readonly Decisions[] = [],
  mitigation: Mitigation | null = null,
) {
  const report = measureFairness(sample);
  if (!report.ok) throw new Error(report.error.reason);
  const followed = biasDrift(windows, { rate: 'selectionRate' });
  const overTime = followed.ok ? [followed.value] : [];
  const differences = groupDifferences(report.value, { rng: createRng(1) });
  const findings = {
    report: report.value,
    differences,
    overTime,
    calibration: null,
    remarks: [],
    mitigation,
  };
  return fairnessReport(findings, { title: 'Fairness', subject: 'a file' });
}

test('the verdict names the rates that differ, by how much and between whom', () => {
  expect(reportOf(decisions(8000, 2, 0)).verdict).toMatchObject({ tone: 'good', word: 'Alike' });
  const few = reportOf(decisions(20, 2, 0)).verdict;
  expect(few).toMatchObject({ tone: 'unsure', word: 'No difference shown' });
  expect(few.sentence).toMatch(/up to \d+(\.\d)? points are not ruled out/);
  const apart = reportOf(decisions(2000, 2, 0.25)).verdict;
  expect(apart.tone).toBe('bad');
  expect(apart.sentence).toMatch(/selection rate \(.* points between <group 0> and <group 1>\)/);
  expect(reportOf(decisions(20_000, 2, 0.05)).verdict.word).toBe('Groups differ a little');
  expect(reportOf(decisions(100, 1, 0)).verdict.word).toBe('Too little data');
});

test('a hundred groups over a thousand windows stay below a megabyte, and no name is markup', () => {
  const windows = Array.from({ length: 1000 }, () => decisions(50, 2, 0.2));
  const report = reportOf(decisions(30_000, 100, 0.2), windows);
  const html = renderHtml(report);
  expect(html.length).toBeLessThan(300_000);
  expect(html).not.toContain('<group');
  expect(renderMarkdown(report)).not.toContain('<group');
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  expect(report.sections.map(({ heading }) => heading)).toContain('Over time');
});

const sectionsOf = (mitigation: Mitigation) =>
  reportOf(decisions(400, 2, 0.2), [], mitigation).sections.find(({ heading }) =>
    heading.startsWith('What would treat'),
  )?.blocks;

test('thresholds by group stand with the rates and the accuracy they lead to, for forty groups at most', () => {
  const side = (rate: number) => ({ rate, accuracy: 0.75 });
  const names = Array.from({ length: 60 }, (_, i) => `<group ${i}>`);
  const apart = { accuracy: 0.8, equalOpportunityDifference: null };
  const mitigation: Mitigation = {
    method: 'thresholds',
    constraint: 'demographic_parity',
    thresholds: Object.fromEntries(names.map((name, i) => [name, i === 0 ? null : 0.5])),
    rate: 0.4,
    before: { ...apart, demographicParityDifference: 0.25 },
    after: { ...apart, accuracy: 0.78, demographicParityDifference: 0.01 },
    groups: Object.fromEntries(
      names.map((name, i) => [name, { n: 900 - i, before: side(0.1), after: side(0.4) }]),
    ),
  };
  const blocks = sectionsOf(mitigation);
  expect(blocks?.[0]).toMatchObject({
    text: expect.stringMatching(/1 point apart instead of 25 points, .* 78 % instead of 80 %/),
  });
  expect(blocks?.[1]).toMatchObject({
    drawing: { series: [{ name: 'as decided' }, { name: 'by its threshold' }] },
  });
  const table = blocks?.[2];
  if (table?.kind !== 'table') throw new Error('no table');
  expect(table.rows).toHaveLength(40);
  expect(table.rows[0].map(({ text }) => text)).toEqual([
    ...['<group 0>', '900', 'never', '10 %', '40 %', '75 %', '75 %'],
  ]);
  expect(blocks?.[3]).toMatchObject({ text: expect.stringContaining('20 smaller groups') });
});

test('weights stand with the share of yes that they bring together', () => {
  const cell = (group: string, positive: boolean, n: number, weight: number) => ({
    ...{ group, positive, n, weight },
  });
  const blocks = sectionsOf({
    method: 'reweighing',
    weights: [
      ...[cell('f', false, 150, 0.8), cell('f', true, 50, 1.6)],
      ...[cell('m', false, 50, 1.6), cell('m', true, 150, 0.8)],
    ],
  });
  const figure = blocks?.[1];
  if (figure?.kind !== 'figure' || figure.drawing.type !== 'categories') throw new Error('none');
  const [before, after] = figure.drawing.series.map(({ shares }) => shares);
  expect(before).toEqual([0.25, 0.75]);
  expect(after[0]).toBeCloseTo(0.4, 12);
  expect(after[1]).toBeCloseTo(0.6, 12);
});
