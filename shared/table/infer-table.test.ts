import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSchemaInference, type InferOptions } from './infer-schema.ts';
import { inferTable } from './infer-table.ts';
import { describeTableIssue } from './read-table.ts';
import { createBlockReader, readTableAs } from './read-table-as.ts';
import type { TargetUse } from './schema-row-reader.ts';
import { rowAt, type Table } from './table.ts';

const inferred = (text: string, options: InferOptions = {}) => {
  const read = inferTable(text, options);
  if (!read.ok) throw new Error(read.error.issues.map(describeTableIssue).join('\n'));
  return read.value;
};
const issuesOf = (text: string, options: InferOptions = {}) => {
  const read = inferTable(text, options);
  return read.ok ? [] : read.error.issues.map(describeTableIssue);
};
const readAs = (text: string, from: string, target: string, use?: TargetUse) => {
  const read = readTableAs(text, inferred(from, { target }), use);
  return read.ok ? read.value : read.error.issues.map(describeTableIssue);
};
/** CSV of `rows` rows, each cell made by its column's function. */
const csvOf = (rows: number, columns: Record<string, (row: number) => string | number>) =>
  [
    Object.keys(columns).join(','),
    ...Array.from({ length: rows }, (_, row) =>
      Object.values(columns)
        .map((cell) => cell(row))
        .join(','),
    ),
  ].join('\n');

test('every column is told apart, with a reason', () => {
  const { report, inputs } = inferred(
    csvOf(100, {
      order_id: (i) => 1000 - i,
      email: (i) => `user${i}@example.org`,
      note: (i) => `the parcel number ${i} came late`,
      same: () => 'x',
      none: () => 'NA',
      km: (i) => i / 8,
      stars: (i) => (i % 5) + 1,
      paid: (i) => i % 2,
      member: (i) => (i % 3 ? 'yes' : 'no'),
      sky: (i) => ['rain', 'clear', ''][i % 3],
      at: (i) => `2026-01-${String((i % 28) + 1).padStart(2, '0')}`,
      y: (i) => i * 2,
    }),
    { target: 'y' },
  );
  expect(report.map(({ name, type, role }) => `${name}: ${type} ${role}`)).toEqual([
    'order_id: number left_out',
    'email: text left_out',
    'note: text left_out',
    'same: category left_out',
    'none: empty left_out',
    'km: number input',
    'stars: number input',
    'paid: boolean input',
    'member: boolean input',
    'sky: category input',
    'at: time input',
    'y: number target',
  ]);
  expect(report.every(({ why }) => why.length > 10)).toBe(true);
  expect(report[9]).toMatchObject({ missing: 33, distinct: 2, examples: ['rain', 'clear'] });
  expect(inputs.slice(3, 5)).toEqual([
    {
      name: 'member',
      type: 'category',
      missing: 'impute',
      categories: [{ value: 'no' }, { value: 'yes' }],
    },
    {
      name: 'sky',
      type: 'category',
      missing: 'impute',
      categories: [{ value: 'clear' }, { value: 'rain' }],
    },
  ]);
});

test('a time is read as days, month, weekday and hour in UTC', () => {
  const { table } = inferred('at,y\n1970-01-02,1\n2026-11-21T13:30:00+01:00,2\n,3\n', {
    target: 'y',
  });
  expect(rowAt(table, 0)).toEqual({ 'at.days': 1, 'at.month': 1, 'at.weekday': 4, 'at.hour': 0 });
  expect(rowAt(table, 1)).toMatchObject({ 'at.month': 11, 'at.weekday': 5, 'at.hour': 12.5 });
  expect(Object.values(rowAt(table, 2))).toEqual([null, null, null, null]);
});

test('the order of a date is told from the days above twelve, and doubt is said', () => {
  const days = (cell: string, other = cell) =>
    inferred(`at,y\n${cell},1\n${other},2\n`, { target: 'y', columns: { at: 'time' } }).table;
  const firstDay = (cell: string, other?: string) => rowAt(days(cell, other), 0)['at.days'];
  expect(firstDay('21/11/1970')).toBe(324);
  expect(firstDay('11/21/1970 6:00')).toBe(324.25);
  expect(firstDay('5/6/1970', '21/1/1970')).toBe(155);
  expect(firstDay('5/6/1970', '6/7/1970')).toBe(125);
  expect(firstDay('5.6.1970', '6.7.1970')).toBe(155);
  const { report } = inferred('at,y\n5/6/1970,1\n6/7/1970,2\n', { target: 'y' });
  expect(report[0].why).toContain('month first (day and month could be either way round)');
  expect(inferred('at,y\n21/13/1970,1\nx,2\n', { target: 'y' }).report[0].type).toBe('category');
});

test('labels are sorted, as numbers where they are, and become codes; a missing one is skipped', () => {
  const words = inferred('a,y\n1,no\n2,maybe\n3,?\n4,yes\n', { target: 'y' });
  expect(words).toMatchObject({ classes: ['maybe', 'no', 'yes'], skippedRows: 1 });
  expect([...words.table.target]).toEqual([1, 0, 2]);
  const numbers = inferred('a,y\n1,10\n2,9.0\n3,9\n', { target: 'y', task: 'classification' });
  expect(numbers.classes).toEqual(['9', '10']);
  expect([...numbers.table.target]).toEqual([1, 0, 0]);
});

test('a target that is not what the task needs is named', () => {
  expect(issuesOf('a,y\n1,x\n2,x\n', { target: 'y' })).toEqual([
    '(line 1), column y: expected two classes or more, found one: "x"',
  ]);
  expect(issuesOf('a,y\n1,x\n2,z\n', { target: 'y', task: 'regression' })).toEqual([
    '(line 1), column y: expected numbers, found "x", "z"',
  ]);
  expect(issuesOf('a,y\n1,1\n2,2\n3,3\n', { target: 'y', task: 'binary' })).toEqual([
    '(line 1), column y: expected two classes, found 3: "1", "2", "3"',
  ]);
  expect(issuesOf('a,y\n1,\n2,?\n', { target: 'y' })).toEqual([
    '(line 1), column y: expected a target in at least one row, found none',
  ]);
  expect(issuesOf('a,y\n1,2\n', { target: 'z' })).toEqual([
    '(line 1), column z: expected a column named "z", found a, y',
  ]);
});

test('infinities and words among numbers are issues with their row, "nan" is missing', () => {
  const cells = Array.from({ length: 200 }, (_, i) => String(i));
  const withCell = (cell: string) =>
    csvOf(200, { a: (i) => (i === 150 ? cell : cells[i]), y: (i) => i });
  expect(issuesOf(withCell('-inf'), { target: 'y' })).toEqual([
    'row 151 (line 152), column a: expected a finite number, found "-inf"',
  ]);
  expect(issuesOf(withCell('1e99'), { target: 'y' })).toEqual([
    'row 151 (line 152), column a: expected a number of at most 1e+38 in magnitude, found "1e99"',
  ]);
  expect(issuesOf(withCell('far'), { target: 'y' })).toEqual([
    'row 151 (line 152), column a: expected a finite number, found "far"',
  ]);
  const { table, report } = inferred(withCell('nan'), { target: 'y' });
  expect(rowAt(table, 150)).toEqual({ a: null });
  expect(report[0]).toMatchObject({ missing: 1, type: 'number' });
  expect(
    inferred(withCell('far'), { target: 'y', columns: { a: 'category' } }).inputs[0].type,
  ).toBe('category');
});

test('names that are empty or come twice, short rows, no rows and no inputs are named', () => {
  expect(issuesOf('a,,a\n1,2,3\n')).toEqual([
    '(line 1): expected a name for column 2, found an empty one',
    '(line 1), column a: expected every name once, found it for columns 1 and 3 (is the first line a header?)',
  ]);
  expect(issuesOf('a,b\n1,2\n1\n')).toEqual([
    'row 2 (line 3): expected 2 cells, as the header has, found 1',
  ]);
  expect(issuesOf('a,b\n')).toEqual(['(line 1): expected at least one row, found a header alone']);
  expect(issuesOf('a;b\n1;2\n')).toEqual([
    '(line 1): expected commas between the columns, found one column named "a;b"',
  ]);
  expect(issuesOf('')).toEqual(['(line 1): expected a header, found nothing']);
  expect(issuesOf('a,y\n1,2\n1,3\n', { target: 'y' })).toEqual([
    '(line 1): expected a column to predict from, found a: every cell is "1", which tells nothing',
  ]);
});

const TRAINING = 'a,sky,y\n1,rain,no\n2,clear,yes\n,rain,no\n';

test('another file is read as the first was: order and extra columns do not matter', () => {
  const read = readAs('y,extra,sky,a\nyes,9,hail,7\n?,9,rain,8\n', TRAINING, 'y');
  expect(read).toMatchObject({
    skippedRows: 1,
    unseen: [{ column: 'sky', cells: 1, example: 'hail', row: 1 }],
    ignored: ['extra'],
    skipped: [2],
    table: { rows: 1, target: new Float64Array([1]) },
  });
});

test('what a file lacks is named; its target may be missing where it is only predicted for', () => {
  expect(readAs('sky\nrain\n', TRAINING, 'y')).toEqual([
    '(line 1), column a: expected a column named "a", found sky',
    '(line 1), column y: expected a column named "y", found sky',
  ]);
  expect(readAs('a,sky,y\n1,rain,perhaps\n', TRAINING, 'y')).toEqual([
    'row 1 (line 2), column y: expected one of no, yes, found "perhaps"',
  ]);
  expect(readAs('a,sky,y\n1,rain,perhaps\n2,rain,no\n', TRAINING, 'y', 'optional')).toMatchObject({
    table: { target: new Float64Array([Number.NaN, 0]) },
  });
  expect(readAs('a,sky\n1,rain\n', TRAINING, 'y', 'optional')).toMatchObject({ skippedRows: 0 });
});

test('ten thousand categories are categories', () => {
  const text = csvOf(20_000, { city: (i) => `c${i % 10_000}`, y: (i) => i });
  const { report, table } = inferred(text, { target: 'y' });
  expect(report[0]).toMatchObject({ type: 'category', distinct: 10_000, isDistinctExact: true });
  expect(rowAt(table, 19_999)).toEqual({ city: 'c9999' });
});

test('whatever is written in a table of numbers and words comes back, in any cut of the text', () => {
  const row = fc.record({
    n: fc.option(fc.integer({ min: -999, max: 999 })),
    w: fc.option(fc.constantFrom('red', 'green', 'b,"lue')),
    y: fc.integer({ min: 0, max: 99 }),
  });
  fc.assert(
    fc.property(fc.array(row, { minLength: 4 }), fc.integer({ min: 1, max: 9 }), (rows, size) => {
      const lines = rows.map(
        ({ n, w, y }) => `${n ?? ''},"${(w ?? '').replaceAll('"', '""')}",${y}`,
      );
      const text = `n,w,y\n1,x,1\n2,z,2\n${lines.join('\n')}`;
      const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
        text.slice(i * size, (i + 1) * size),
      );
      const read = inferTable(pieces, { target: 'y', task: 'regression' });
      const { table } = inferred(text, { target: 'y', task: 'regression' });
      expect(read.ok && read.value.table).toEqual(table);
      expect(rows.map((_, i) => rowAt(table, i + 2))).toEqual(rows.map(({ n, w }) => ({ n, w })));
    }),
    { numRuns: 40 },
  );
});

test('a prefix is enough to guess from, and a later row that does not fit is told', () => {
  const text = csvOf(300, {
    a: (i) => (i === 250 ? 'far' : i),
    sky: (i) => (i < 200 ? 'rain' : 'hail'),
    y: (i) => i,
  });
  const inference = createSchemaInference({ target: 'y', mostRows: 100 });
  let pushed = 0;
  for (let at = 0; at < text.length && !inference.isDone(); at += 64, pushed += 64)
    inference.push(text.slice(at, at + 64));
  expect(pushed).toBeLessThan(text.length / 2);
  const schema = inference.end();
  if (!schema.ok) throw new Error('inference');
  expect(schema.value).toMatchObject({
    rows: 100,
    report: [{ type: 'number' }, { rows: 100 }, {}],
  });
  const read = readTableAs(text, schema.value);
  expect(!read.ok && read.error.issues.map(describeTableIssue)).toEqual([
    'row 251 (line 252), column a: expected a finite number, found "far"',
  ]);
});

test('blocks hold the rows of the whole table, in order', () => {
  const text = csvOf(95, { a: (i) => i, y: (i) => (i % 9 ? i : '') });
  const schema = inferred(text, { target: 'y' });
  const blocks: Table[] = [];
  const onBlock = (block: Table) => blocks.push(block);
  const reader = createBlockReader(schema, { use: 'required', blockRows: 30, onBlock });
  for (let at = 0; at < text.length; at += 17) reader.push(text.slice(at, at + 17));
  expect(reader.end()).toMatchObject({ ok: true, value: { rows: 84, skippedRows: 11 } });
  expect(blocks.map(({ rows }) => rows)).toEqual([30, 30, 24]);
  expect(blocks.flatMap(({ target }) => [...target])).toEqual([...schema.table.target]);
});

test('one word that stands in many rows of numbers is told, not taken for a category', () => {
  const text = csvOf(200, { a: (i) => (i % 3 ? i : 'unknown'), y: (i) => i });
  expect(issuesOf(text, { target: 'y' })[0]).toBe(
    'row 1 (line 2), column a: expected a finite number, found "unknown"',
  );
});

test('a column of many numbers and some words among them is one of categories', () => {
  const text = csvOf(3000, { code: (i) => (i % 10 ? i % 1500 : `V${i % 400}`), y: (i) => i });
  const { report } = inferred(text, { target: 'y' });
  expect(report[0]).toMatchObject({ type: 'category', role: 'input' });
});

test('whatever cells a file has, it is a table of finite numbers and missing values, or issues', () => {
  const cell = fc.constantFrom(
    ...['', '1', '-3.5', '1e999', 'inf', 'nan', 'NA', '?', 'yes', '2020-01-01', '1/2/2020'],
    ...['abc', '"x,y"', ' 7 ', '-0', '0x1', '__proto__', 'constructor'],
  );
  const rows = fc.array(fc.tuple(cell, cell, cell), { maxLength: 30 });
  const task = fc.constantFrom(undefined, 'regression' as const, 'multiclass' as const);
  fc.assert(
    fc.property(rows, task, (cells, asked) => {
      const text = ['toString,b,id', ...cells.map((row) => row.join(','))].join('\n');
      const read = inferTable(text, { target: 'toString', task: asked });
      if (!read.ok) {
        expect(read.error.issues.length).toBeGreaterThan(0);
        return;
      }
      const { table } = read.value;
      expect(table.target.every(Number.isFinite)).toBe(true);
      const values = table.columns.flatMap((column) =>
        column.type === 'number' ? [...column.values] : [],
      );
      expect(values.some((value) => Math.abs(value) === Number.POSITIVE_INFINITY)).toBe(false);
      const again = readTableAs(text, read.value);
      expect(again.ok && again.value.table).toEqual(table);
    }),
  );
});

test('columns called as what every object has are columns like others', () => {
  const lines = Array.from({ length: 30 }, (_, row) => `${row / 7},${row / 3},${row}`);
  const names = ['constructor', '__proto__', 'other'];
  const read = inferTable([names.join(), ...lines].join('\n'), { columns: { other: 'left_out' } });
  expect(read.ok && read.value.inputs).toEqual(
    names.slice(0, 2).map((name) => ({ name, type: 'number', missing: 'impute' })),
  );
});
