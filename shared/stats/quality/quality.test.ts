import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import { assessQuality } from './assess-quality.ts';
import { correlation, ranks } from './association.ts';
import { createValuesReader } from './column-values.ts';
import { summariseNumbers } from './number-summary.ts';
import type { QualityReport } from './quality-report.ts';
import { findDuplicates } from './row-hash.ts';
import { createSurvey } from './survey.ts';

function reportOf(text: string, target: string | null = null, mostCells?: number): QualityReport {
  const survey = createSurvey();
  survey.push(text);
  const surveyed = survey.end();
  if (!surveyed.ok) throw new Error(surveyed.error.issues[0].expected);
  const values = createValuesReader(surveyed.value, mostCells);
  values.push(text);
  return assessQuality(surveyed.value, values.end(), target);
}

const csvOf = (rows: number, columns: Record<string, (row: number) => string | number>) =>
  [
    Object.keys(columns).join(','),
    ...Array.from({ length: rows }, (_, row) =>
      Object.values(columns)
        .map((cell) => cell(row))
        .join(','),
    ),
  ].join('\n');

const told = (report: QualityReport) =>
  report.findings.map(({ severity, kind, column }) => `${severity} ${kind} ${column}`);

const rng = createRng(11);
const noise = Array.from({ length: 400 }, () => normal(rng));
const other = Array.from({ length: 400 }, () => normal(rng));

test('an even file has nothing to be told', () => {
  const report = reportOf(
    csvOf(400, { a: (i) => i % 97, b: (i) => (i * 31) % 89, y: (i) => (i % 3 ? 'no' : 'yes') }),
    'y',
  );
  expect(report).toMatchObject({ rows: 400, missingCells: 0, missingShare: 0, findings: [] });
});

test('each thing that stands in the way is found where it is', () => {
  const report = reportOf(
    csvOf(400, {
      id: (i) => i + 1,
      same: () => 7,
      empty: () => '',
      holes: (i) => (i % 2 ? '' : noise[i]),
      tail: (i) => (i < 3 ? 1e6 : other[i]),
      copy: (i) => noise[i] * 2 + 1,
      bad: (i) => (i === 9 ? 'inf' : i === 10 ? 'oops' : (i * 37) % 101),
      mostly: (i) => (i ? 'a' : 'b'),
      y: (i) => (i % 20 ? 'common' : 'rare'),
      answer: (i) => (i % 20 ? (i % 7) + 1 : -3),
    }),
    'y',
  );
  expect(told(report)).toEqual([
    'error leakage answer',
    'error infinite bad',
    'error not_numbers bad',
    'warning imbalance y',
    'warning id id',
    'warning constant same',
    'warning empty empty',
    'warning missing holes',
    'note outliers tail',
    'note near_constant mostly',
    'note associated copy',
  ]);
  expect(report.target).toMatchObject({
    kind: 'classes',
    imbalance: 19,
    classes: [
      { value: 'common', rows: 380, share: 0.95 },
      { value: 'rare', rows: 20, share: 0.05 },
    ],
  });
  expect(report.columns[4].numbers?.outliers).toMatchObject({
    examples: [1, 2, 3].map((row) => ({ row, value: 1e6 })),
  });
});

test('rows that come again are counted, also those that differ by an id alone', () => {
  const report = reportOf(
    csvOf(60, { order_id: (i) => i, a: (i) => i % 50, b: (i) => `t${i % 50}` }),
  );
  expect(report.duplicates.rows).toBe(0);
  expect(report.duplicatesWithoutIds).toEqual({
    rows: 10,
    examples: [1, 2, 3].map((row) => ({ row: 50 + row, sameAs: row })),
  });
  expect(reportOf('a,b\n1,x\n2,y\n1,x\n').duplicates).toEqual({
    rows: 1,
    examples: [{ row: 3, sameAs: 1 }],
  });
});

test('a broken file is surveyed all the same, and what is broken is told', () => {
  const report = reportOf('a,a,\n1,2,3\n4,5\n6,7,8\n1,2,3\n');
  expect(report.rows).toBe(3);
  expect(report.duplicates.examples).toEqual([{ row: 4, sameAs: 1 }]);
  expect(report.fileIssueCount).toBe(3);
  expect(
    report.findings.filter(({ kind }) => kind === 'file').map(({ sentence }) => sentence),
  ).toEqual([
    '(line 1), column a: expected every name once, found it for columns 1 and 2 (is the first line a header?).',
    '(line 1): expected a name for column 3, found an empty one.',
    'row 2 (line 3): expected 3 cells, as the header has, found 2.',
  ]);
});

test('in a file too large to keep, counts are of all rows and values of every so many', () => {
  const text = csvOf(1000, { a: (i) => i, b: (i) => (i % 10 ? 'x' : '') });
  const report = reportOf(text, null, 500);
  expect(report).toMatchObject({ rows: 1000, lookedAtRows: 250, missingCells: 100 });
  expect(report.columns[0]).toMatchObject({ isDistinctExact: false, numbers: { max: 996 } });
});

test('without a target, a one-sided yes or no is told as one that may be it', () => {
  const report = reportOf(csvOf(200, { a: (i) => i * 3, fraud: (i) => (i % 20 ? 0 : 1) }));
  expect(told(report)).toEqual(['note imbalance fraud']);
  expect(report.columns.map(({ imbalance }) => imbalance)).toEqual([null, 19]);
});

test('the target of numbers is foretold by any shape of relation, and noise foretells nothing', () => {
  const report = reportOf(
    csvOf(400, { bent: (i) => noise[i], flat: (i) => other[i], y: (i) => noise[i] ** 2 }),
    'y',
  );
  const scores = new Map(report.target?.singleColumns.map((one) => [one.column, one.value]));
  expect(scores.get('bent')).toBeGreaterThan(0.9);
  expect(scores.get('flat')).toBeLessThan(0.05);
  expect(told(report)[0]).toBe('error leakage bent');
});

test('quartiles, outliers and correlations are those of numpy 1.24.2 and SciPy 1.10.1', () => {
  const values = Float64Array.from([1, 2, 3, 4, 5, 6, 7, 8, 100, Number.NaN, -60]);
  expect(summariseNumbers(values)).toMatchObject({
    ...{ q1: 2.25, median: 4.5, q3: 6.75, mean: expect.closeTo(7.6, 12), negatives: 1, zeros: 0 },
    standardDeviation: expect.closeTo(38.33536226514626, 10),
    outliers: {
      iqr: 2,
      mad: 2,
      examples: [
        { row: 9, value: 100 },
        { row: 11, value: -60 },
      ],
    },
  });
  const a = Float64Array.from({ length: 25 }, (_, i) => (i * 7) % 25);
  const b = Float64Array.from({ length: 25 }, (_, i) => i + (i % 4) ** 2);
  expect(correlation(a, b)?.value).toBeCloseTo(0.12370777369581354, 12);
  expect(correlation(ranks(a), ranks(b))?.value).toBeCloseTo(0.09824711356600106, 12);
});

test('as many rows are duplicates as there are rows more than different ones', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9)), (hashes) => {
      const { rows } = findDuplicates(Float64Array.from(hashes));
      expect(rows).toBe(hashes.length - new Set(hashes).size);
    }),
  );
});

test('outliers by median deviation are those of the definition', () => {
  const median = (values: number[]) => {
    const sorted = [...values].sort((a, b) => a - b);
    return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
  };
  const value = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -900, max: 900 }));
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 25 }), (values) => {
      const middle = median(values);
      const spread = median(values.map((one) => Math.abs(one - middle)));
      const far = values.filter(
        (one) => Math.abs(one - middle) > 3.5 * 1.482602218505602 * spread,
      ).length;
      const summary = summariseNumbers(Float64Array.from(values));
      expect(summary?.outliers.mad).toBe(spread === 0 ? null : far);
      expect(summary?.different).toBe(new Set(values).size);
    }),
  );
});

test('ranks are those of sorting, ties averaged', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5, max: 5 })), (values) => {
      const ranked = ranks(Float64Array.from(values));
      values.forEach((value, i) => {
        const below = values.filter((other) => other < value).length;
        const equal = values.filter((other) => other === value).length;
        expect(ranked[i]).toBe(below + (equal + 1) / 2);
      });
    }),
  );
});

test('whatever cells a file has, its report holds no number that JSON cannot', () => {
  const cell = fc.constantFrom('', '1', '-3.5', '1e999', 'inf', 'nan', 'yes', '2020-01-01', 'abc');
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 60 }), (rows) => {
      const report = reportOf(['a,b', ...rows.map((row) => row.join(','))].join('\n'), 'a');
      expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    }),
  );
});
