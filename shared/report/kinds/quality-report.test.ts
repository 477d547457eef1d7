import { expect, test } from 'vitest';
import { assessQuality } from '../../stats/quality/assess-quality.ts';
import { createValuesReader } from '../../stats/quality/column-values.ts';
import { createSurvey } from '../../stats/quality/survey.ts';
import { renderHtml } from '../html/render-html.ts';
import { renderMarkdown } from '../markdown/render-markdown.ts';
import { qualityReport } from './quality-report.ts';

function reportOf(text: string, target: string | null) {
  const survey = createSurvey();
  survey.push(text);
  const surveyed = survey.end();
  if (!surveyed.ok) throw new Error('no survey');
  const values = createValuesReader(surveyed.value);
  values.push(text);
  const quality = assessQuality(surveyed.value, values.end(), target);
  return qualityReport(quality, { title: 'Quality', subject: 'a.csv' });
}

const rows = Array.from(
  { length: 120 },
  (_, i) => `${i},${i % 3 ? i : ''},${i % 2 ? 'no' : 'yes'},${i % 2}`,
);
const TEXT = `plain,holes,late,copy\n${rows.join('\n')}\n`;

test('the verdict is the worst finding, columns with findings come first and open', () => {
  const report = reportOf(TEXT, 'late');
  expect(report.verdict).toMatchObject({ tone: 'bad', word: 'Not fit to learn from yet' });
  expect(report.verdict.sentence).toContain('copy alone foretells late');
  const folds = report.sections
    .flatMap(({ blocks }) => blocks)
    .flatMap((block) => (block.kind === 'fold' ? [[block.heading, block.isOpen]] : []));
  expect(folds.slice(0, 2)).toEqual([
    ['copy', true],
    ['holes', true],
  ]);
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});

test('a file with nothing wrong is told to be fit', () => {
  const even = Array.from({ length: 100 }, (_, i) => `${i % 13},${(i * 7) % 29}`);
  expect(reportOf(`a,b\n${even.join('\n')}\n`, null).verdict).toMatchObject({ tone: 'good' });
});

test('four hundred columns of the worst names are below a megabyte, as a page and as Markdown', () => {
  const hostile = '<script>"&`=|\u202e'.repeat(9);
  const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
  const names = Array.from({ length: 400 }, (_, i) => quoted(`${hostile}${i}`));
  const lines = Array.from({ length: 30 }, (_, row) =>
    names.map((_, i) => (i % 2 ? row * i : quoted(`${hostile}${row % 7}`))).join(','),
  );
  const report = reportOf(`${names.join(',')}\n${lines.join('\n')}\n`, null);
  const page = renderHtml(report);
  expect(page.length).toBeLessThan(1_000_000);
  expect(page).not.toContain('<script>"');
  expect(renderMarkdown(report).length).toBeLessThan(1_000_000);
});
