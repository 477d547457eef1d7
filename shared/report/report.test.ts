import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeMarkdown, shorten } from './escape.ts';
import { renderHtml, SCRIPT_SHA256, STYLE_SHA256 } from './html/render-html.ts';
import { SCRIPT } from './html/script.ts';
import { STYLE } from './html/style.ts';
import { renderMarkdown } from './markdown/render-markdown.ts';
import { chanceText, numberText, percentText } from './number-text.ts';
import { figure, paragraph, type Report } from './report.ts';

const HOSTILE =
  '</title></script><script>alert(1)</script><img src=x onerror=alert(2)>"\'`|\n\u202e**x**';

/** Every place where a report holds text, filled with the same text. */
const filledWith = (text: string): Report => ({
  kind: 'drift',
  title: text,
  subject: text,
  verdict: { tone: 'bad', word: text, sentence: text },
  facts: [{ label: text, value: text, note: text }],
  sections: [
    {
      heading: text,
      blocks: [
        paragraph(text),
        {
          kind: 'table',
          caption: text,
          columns: [{ label: text }, { label: text, isNumber: true }],
          rows: [
            [
              { text, leadsTo: 'a-1' },
              { text, order: null, tone: 'good' },
            ],
          ],
        },
        {
          kind: 'fold',
          id: 'a-1',
          heading: text,
          tone: 'unsure',
          mark: text,
          summary: text,
          isOpen: false,
          blocks: [
            figure(text, {
              type: 'categories',
              labels: [text],
              series: [{ name: text, shares: [1] }],
            }),
            figure(text, {
              type: 'histogram',
              edges: [0, 1],
              isOpenEnded: false,
              axis: text,
              series: [{ name: text, shares: [1] }],
            }),
            figure(text, {
              type: 'intervals',
              axis: text,
              format: 'percent',
              baseline: { value: 0, label: text },
              rows: [{ label: text, value: 1, low: null, high: 2, tone: 'plain' }],
            }),
            figure(text, {
              type: 'curves',
              x: { label: text, format: 'number' },
              y: { label: text, format: 'number' },
              levels: [{ label: text, value: 1 }],
              series: [{ name: text, style: 'line', points: [{ x: 0, y: 1, label: text }] }],
            }),
          ],
        },
      ],
    },
  ],
});

const tagsOf = (html: string): string =>
  [...html.matchAll(/<\/?([a-z0-9]+)/g)].map(([tag]) => tag).join();

const anyText = fc
  .array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 12 })
  .map((codes) => String.fromCodePoint(...codes));

test('text from data adds no tag, no attribute and no address to the page', () => {
  const plain = renderHtml(filledWith('x'));
  fc.assert(
    fc.property(fc.oneof(fc.constant(HOSTILE), anyText), (text) => {
      const html = renderHtml(filledWith(`x${text}`));
      expect(tagsOf(html) === tagsOf(plain)).toBe(true);
      expect(/onerror=|[\u202a-\u202e]/.test(html)).toBe(false);
    }),
    { numRuns: 25 },
  );
});

test('the policy allows the one style and the one script by their hashes, and no request', () => {
  const hash = (text: string): string => createHash('sha256').update(text).digest('base64');
  expect(STYLE_SHA256).toBe(hash(STYLE));
  expect(SCRIPT_SHA256).toBe(hash(SCRIPT));
  const html = renderHtml(filledWith('x'));
  expect(html).toContain("default-src 'none'");
  expect(html).not.toMatch(/https?:|style="|url\(|@import| on[a-z]+=/);
});

test('a page has one first heading, heads on its tables, names on its drawings and the numbers under them', () => {
  const html = renderHtml(filledWith('x'));
  expect(html.match(/<h1>/g)).toHaveLength(1);
  expect(html.match(/<table>/g)?.length).toBe(html.match(/<caption>/g)?.length);
  expect(html.match(/<svg role="img" aria-label="x"/g)).toHaveLength(4);
  expect(html.match(/<summary>The numbers/g)).toHaveLength(4);
  expect(html).toContain('<th scope="row">');
  expect(html).toContain('<th scope="col">');
  expect(html).toContain('<a href="#a-1">');
});

test('text from data stays text in Markdown: no markup, no column, no HTML', () => {
  const markdown = renderMarkdown(filledWith(HOSTILE));
  expect(markdown).not.toMatch(/<script|<img|[^\\]\*\*x/);
  const rows = markdown.split('\n').filter((line) => line.startsWith('|'));
  for (const row of rows) expect(row.match(/(?<!\\)\|/g)?.length).toBeLessThanOrEqual(5);
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(escapeMarkdown(text)).not.toMatch(/[\n\r<>]|(?<!\\)\|/);
    }),
  );
});

test('numbers are short, never NaN, and small chances never nothing', () => {
  expect(numberText(1234567)).toBe('1\u202f234\u202f567');
  expect(numberText(-0.000123456)).toBe('−1.23e-4');
  expect(numberText(Number.NaN)).toBe('–');
  expect(numberText(null)).toBe('–');
  expect(numberText(-1234.5678)).toBe('−1230');
  expect(percentText(0.12345)).toBe('12.3 %');
  expect(percentText(0.0012345)).toBe('0.12 %');
  expect(chanceText(0)).toBe('< 1e-15');
  expect(chanceText(3.14159e-7)).toBe('3.1e-7');
  expect(shorten('𝒳'.repeat(50), 10)).toBe(`${'𝒳'.repeat(9)}…`);
  expect(shorten('short', 10)).toBe('short');
});
