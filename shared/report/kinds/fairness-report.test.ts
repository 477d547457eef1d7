import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import { biasDrift } from '../../stats/fairness/bias-drift.ts';
import { groupDifferences } from '../../stats/fairness/group-differences.ts';
import { type Decisions, measureFairness } from '../../stats/fairness/group-metrics.ts';
import { renderHtml } from '../html/render-html.ts';
import { renderMarkdown } from '../markdown/render-markdown.ts';
import { fairnessReport } from './fairness-report.ts';

const rng = createRng(7);

function decisions(n: number, groupCount: number, gap: number): Decisions {
  const groups = Array.from({ length: n }, () => `<group ${Math.floor(rng() * groupCount)}>`);
  const truth = groups.map(() => rng() < 0.4);
  const prediction = groups.map((group) => rng() < (group === '<group 0>' ? 0.4 - gap : 0.4));
  return { truth, prediction, groups };
}

function reportOf(sample: Decisions, windows: readonly Decisions[] = []) {
  const report = measureFairness(sample);
  if (!report.ok) throw new Error(report.error.reason);
  const followed = biasDrift(windows, { rate: 'selectionRate' });
  const overTime = followed.ok ? [followed.value] : [];
  const differences = groupDifferences(report.value);
  const findings = { report: report.value, differences, overTime, calibration: null, remarks: [] };
  return fairnessReport(findings, { title: 'Fairness', subject: 'a file' });
}

test('the verdict names the rates that differ, by how much and between whom', () => {
  expect(reportOf(decisions(2000, 2, 0)).verdict).toMatchObject({ tone: 'good', word: 'Alike' });
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
