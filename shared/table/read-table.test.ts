import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTableReader, describeTableIssue, readTable, type TableSpec } from './read-table.ts';
import { rowAt, takeRows } from './table.ts';

const spec: TableSpec = {
  inputs: [
    { name: 'km', type: 'number', missing: 'reject' },
    { name: 'years', type: 'number', missing: 'impute' },
    {
      name: 'sky',
      type: 'category',
      missing: 'impute',
      categories: [{ value: 'clear' }, { value: 'rain' }],
    },
  ],
  target: 'minutes',
};

const tableOf = (text: string, of = spec) => {
  const read = readTable(text, of);
  if (!read.ok) throw new Error(read.error.issues.map(describeTableIssue).join('\n'));
  return read.value;
};
const issuesOf = (text: string, of = spec) => {
  const read = readTable(text, of);
  return read.ok ? [] : read.error.issues.map(describeTableIssue);
};

test('columns are found by header in any order, others are ignored, marks of missing become null', () => {
  const { table, skippedRows } = tableOf(
    'id,minutes,sky,km,years\n1,30,rain,2.5,NA\n2,40,?,1e1,3\n3,50,hail,.5,\n',
  );
  expect(skippedRows).toBe(0);
  expect([...table.target]).toEqual([30, 40, 50]);
  expect([0, 1, 2].map((row) => rowAt(table, row))).toEqual([
    { km: 2.5, years: null, sky: 'rain' },
    { km: 10, years: 3, sky: null },
    { km: 0.5, years: null, sky: 'hail' },
  ]);
});

test('a category nobody declared is kept behind the declared ones', () => {
  const column = tableOf('km,years,sky,minutes\n1,1,hail,1\n1,1,clear,1\n').table.columns[2];
  expect(column).toMatchObject({ dictionary: ['clear', 'rain', 'hail'], declared: 2 });
});

test('a row without its target, or without an input that rejects it, is left out and counted', () => {
  const { table, skippedRows } = tableOf(
    'km,years,sky,minutes\n1,1,rain,\n,1,rain,5\n2,1,rain,6\n',
  );
  expect(skippedRows).toBe(2);
  expect([...table.target]).toEqual([6]);
});

test('a wrong cell says which row, which column, what was expected and what was found', () => {
  expect(issuesOf('km,years,sky,minutes\n1,1,rain,5\nfar,0x10,rain,1e99\n')).toEqual([
    'row 2 (line 3), column km: expected a finite number, found "far"',
    'row 2 (line 3), column years: expected a finite number, found "0x10"',
    'row 2 (line 3), column minutes: expected a number of at most 1e+38 in magnitude, found "1e99"',
  ]);
});

test('a short row, a missing column, a doubled column and an open quote are told apart', () => {
  expect(issuesOf('km,years,sky,minutes\n1,1\n')).toEqual([
    'row 1 (line 2): expected 4 cells, as the header has, found 2',
  ]);
  expect(issuesOf('km,years,sky,sky\n')).toEqual([
    '(line 1), column sky: expected one column named "sky", found 2 columns of that name',
    '(line 1), column minutes: expected one column named "minutes", found km, years, sky, sky',
  ]);
  expect(issuesOf('km,years,sky,minutes\n1,1,"rain,5\n')).toEqual([
    'row 1 (line 2): expected a closing quote, found the end of the file',
  ]);
  expect(issuesOf('')).toEqual(['(line 1): expected a header, found an empty file']);
});

test('a file that is no CSV of commas in UTF-8 is told as what it is, before what it lacks', () => {
  expect(issuesOf('km;years;sky;minutes\n1;1;rain;5\n')[0]).toBe(
    '(line 1): expected commas between the columns, found one column named "km;years;sky;minutes"',
  );
  expect(issuesOf('k\0m\0\n')[0]).toContain('a NUL character in it (is the file UTF-16?)');
  const wide = Array.from({ length: 900 }, (_, i) => `x${i}`).join();
  expect(issuesOf(`${wide}\n`)[0]).toMatch(/found x0, x1, .*, x19 and 880 more$/);
});

test('all issues are counted and the first twenty kept', () => {
  const read = readTable(`km,years,sky,minutes\n${'x,1,rain,1\n'.repeat(50)}`, spec);
  expect(!read.ok && [read.error.issueCount, read.error.issues.length]).toEqual([50, 20]);
});

test('a time order is a number or a timestamp that names its zone', () => {
  const ordered = { ...spec, orderBy: 'at' };
  const { table } = tableOf('km,years,sky,minutes,at\n1,1,rain,1,2026-01-01T00:00:00Z\n', ordered);
  expect(table.order).toEqual(new Float64Array([Date.UTC(2026, 0, 1)]));
  expect(issuesOf('km,years,sky,minutes,at\n1,1,rain,1,2026-01-01T00:00:00\n', ordered)).toEqual([
    'row 1 (line 2), column at: expected a number or an ISO 8601 time, found "2026-01-01T00:00:00"',
  ]);
});

test('the pieces a file arrives in change nothing, also beyond the first capacity', () => {
  const lines = Array.from(
    { length: 3000 },
    (_, i) => `${i},${i % 7},${i % 2 ? 'rain' : ''},${-i}`,
  );
  const text = `km,years,sky,minutes\n${lines.join('\n')}\n`;
  const whole = tableOf(text).table;
  expect(whole.rows).toBe(3000);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9000 }), (size) => {
      const reader = createTableReader(spec);
      for (let at = 0; at < text.length; at += size) reader.push(text.slice(at, at + size));
      const read = reader.end();
      expect(read.ok && read.value.table).toEqual(whole);
    }),
    { numRuns: 10 },
  );
});

test('rows taken from a table keep their values and the order asked for', () => {
  const { table } = tableOf('km,years,sky,minutes\n1,1,rain,10\n2,,hail,20\n3,3,,30\n');
  const taken = takeRows(table, [2, 0]);
  expect([...taken.target]).toEqual([30, 10]);
  expect([0, 1].map((row) => rowAt(taken, row))).toEqual([rowAt(table, 2), rowAt(table, 0)]);
});
