import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultPolicies } from '../../shared/use-case/default-policies.ts';
import { createTestFolder, type TestFolder } from '../test-support/test-folder.ts';
import { readSchemaFile } from './read-schema-file.ts';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

const ROWS = 40;
const write = (columns: Record<string, (row: number) => string | number>) => {
  const names = Object.keys(columns);
  const lines = Array.from({ length: ROWS }, (_, row) =>
    names.map((name) => columns[name](row)).join(','),
  );
  folder.write('rows.csv', [names.join(','), ...lines].join('\n'));
};
const plan = (row: number) => ['basic', 'plus', 'pro'][row % 3];
const gone = (row: number) => (row % 4 === 0 ? 'stays' : 'leaves');
const declare = (...more: string[]) =>
  folder.edgewise('declare', 'rows.csv', '--id', 'my-case', '--out', 'my.json', '--json', ...more);
const useCase = async () => {
  const read = await readSchemaFile(`${folder.path}/my.json`);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
};

test('a CSV of two classes is declared: inputs, ranges, missing values, classes and a constant that answers', async () => {
  write({
    id: (row) => `customer-${row}`,
    months: (row) => (row === 3 ? '' : row),
    plan,
    gone,
  });
  const { exitCode, report } = await declare('--target', 'gone');
  expect(exitCode).toBe(0);
  expect(report.leftOut).toEqual([{ column: 'id', why: expect.stringContaining('an id') }]);
  const declared = await useCase();
  expect(declared.inputs).toMatchObject([
    { name: 'months', type: 'number', range: [0, 39], step: 1, missing: 'impute' },
    { name: 'plan', type: 'category', missing: 'reject' },
  ]);
  // No word says yes: the rarer class is what is asked about.
  expect(declared.task).toMatchObject({ classes: [{ value: 'leaves' }, { value: 'stays' }] });
  expect(declared.target.range).toEqual([0, 1]);
  expect(declared.fallback({})).toBe(0.25);
});

test('what is written says nothing that the defaults say, and what is read has all of it', async () => {
  write({ months: (row) => row, gone });
  await declare('--target', 'gone');
  const written = JSON.parse(folder.read('my.json'));
  expect(Object.keys(written)).toEqual(['id', 'title', 'task', 'target', 'inputs', 'fallback']);
  expect(await useCase()).toMatchObject({
    ...defaultPolicies('binary'),
    target: { range: [0, 1] },
  });
  written.monitors = { drift: { minSamples: 900 } };
  folder.write('my.json', JSON.stringify(written));
  const { monitors, gates } = await useCase();
  expect(monitors.drift).toEqual({ ...defaultPolicies('binary').monitors.drift, minSamples: 900 });
  expect(gates).toEqual(defaultPolicies('binary').gates);
  folder.write('my.json', JSON.stringify({ ...written, gate: [] }));
  expect(await readSchemaFile(`${folder.path}/my.json`)).toMatchObject({
    error: { details: ['gate: is no part of a declaration'] },
  });
});

test('the positive class is the one that is named, and one that never occurs is refused', async () => {
  write({ months: (row) => row, gone });
  await declare('--target', 'gone', '--positive', 'leaves');
  const declared = await useCase();
  expect(declared.task).toMatchObject({ classes: [{ value: 'stays' }, { value: 'leaves' }] });
  expect(declared.fallback({})).toBe(0.75);
  const { exitCode, stderr } = await declare('--target', 'gone', '--positive', 'maybe');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('never "maybe", but leaves or stays');
});

test('a CSV of numbers is declared with its median as the answer that is always there', async () => {
  write({ months: (row) => row + 0.5, price: (row) => 10 + 1.5 * row });
  const { report } = await declare('--target', 'price');
  expect(report.task).toEqual({ type: 'regression', unit: '' });
  const declared = await useCase();
  expect(declared.fallback({})).toBe(39.25);
  expect(declared.target.range[0]).toBeLessThanOrEqual(10);
  expect(declared.target.range[1]).toBeGreaterThanOrEqual(68.5);
  expect(declared.inputs[0]).not.toHaveProperty('step');
});

test('columns that no use case can declare are left out and named; without any other there is no declaration', async () => {
  write({
    'Monthly Charges': (row) => row,
    when: (row) => `2024-01-${10 + (row % 20)}`,
    plan,
    gone,
  });
  const { report } = await declare('--target', 'gone');
  expect(report.inputs).toEqual([{ name: 'plan', type: 'category' }]);
  expect(report.leftOut.map(({ column }: { column: string }) => column)).toContain(
    'Monthly Charges',
  );
  write({ 'Monthly Charges': (row) => row, gone });
  const { exitCode, stderr } = await declare('--target', 'gone');
  expect(exitCode).toBe(1);
  expect(stderr).toContain('no column that can be declared');
  expect(stderr).toContain('Left out Monthly Charges: its name is not made of letters');
});

test('a column named as an output of models is left out, and the others are declared', async () => {
  write({ label: (row) => row, months: (row) => row, gone });
  const { exitCode, report } = await declare('--target', 'gone');
  expect(exitCode).toBe(0);
  expect(report.inputs).toEqual([{ name: 'months', type: 'number' }]);
  expect(report.leftOut).toEqual([{ column: 'label', why: expect.stringContaining('rename') }]);
});

test.each([
  ['a target of two words', 'was lost', gone, [], 'target.name: '],
  [
    'a class of a hundred letters',
    'gone',
    (row: number) => 'ab'[row % 2].repeat(100),
    [],
    'classes.0',
  ],
  ['a title of a page', 'gone', gone, ['--title', 'long '.repeat(100)], 'title: '],
])(
  '%s is refused when it is declared, not when it is trained',
  async (_, target, values, more, place) => {
    write({ months: (row) => row, [target]: values });
    const { exitCode, stderr } = await declare('--target', target, ...more);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(place);
  },
);

test('a constant that is no probability is refused in the schema file of a classifier', async () => {
  write({ months: (row) => row, gone });
  await declare('--target', 'gone');
  const schema = JSON.parse(folder.read('my.json'));
  folder.write('my.json', JSON.stringify({ ...schema, fallback: { constant: 25 } }));
  expect(await readSchemaFile(`${folder.path}/my.json`)).toMatchObject({
    error: { details: ['fallback.constant: expected a probability in [0, 1], found 25'] },
  });
});

test('a target that never changes is refused', async () => {
  write({ months: (row) => row, price: () => 5 });
  const { exitCode, stderr } = await declare('--target', 'price');
  expect(exitCode).toBe(1);
  expect(stderr).toContain('price is the same in every row');
});

test('three classes are refused with the reason', async () => {
  write({ months: (row) => row, plan });
  const { exitCode, stderr } = await declare('--target', 'plan');
  expect(exitCode).toBe(1);
  expect(stderr).toContain('plan has 3 classes');
});

test('what is declared is trained from the schema file', async () => {
  write({ months: (row) => row, plan, price: (row) => 10 + 1.5 * row });
  await declare('--target', 'price');
  folder.write(
    'more.csv',
    [
      'months,plan,price',
      ...Array.from({ length: 80 }, (_, i) => `${i % 40},${plan(i)},${10 + 1.5 * (i % 40)}`),
    ].join('\n'),
  );
  const { exitCode, report } = await folder.edgewise(
    ...['train', 'my.json', '--data', 'more.csv', '--version', '1.0.0', '--out', 'v', '--json'],
  );
  expect(exitCode).toBe(0);
  expect(report).toMatchObject({ task: 'regression', useCase: 'my-case' });
});

test.each([
  ['{', 'the whole: '],
  ['{"id":"a-b"}', 'title: '],
])('a schema file that is none is refused with the place (%s)', async (text, place) => {
  folder.write('my.json', text);
  const read = await readSchemaFile(`${folder.path}/my.json`);
  expect(read.ok).toBe(false);
  if (!read.ok) expect(read.error.details?.join('\n')).toContain(place);
});

test('a schema file that contradicts itself is refused with each contradiction', async () => {
  write({ months: (row) => row, gone });
  await declare('--target', 'gone');
  const schema = JSON.parse(folder.read('my.json'));
  schema.inputs.push(schema.inputs[0]);
  folder.write('my.json', JSON.stringify(schema));
  const read = await readSchemaFile(`${folder.path}/my.json`);
  expect(read).toMatchObject({
    ok: false,
    error: { details: [expect.stringContaining('declared twice')] },
  });
});

test.each([
  ['subnormal', (row: number) => (row % 7) * 5e-324, 'multiply them'],
  ['too alike', (row: number) => 123456789 + row / 100, 'subtract what they have in common'],
])('%s targets are refused by declare and fit in the same words', async (_, price, why) => {
  write({ months: (row) => row, price });
  const said = new RegExp(`the targets, from .* are one number in float32, .*: ${why}`);
  expect((await declare('--target', 'price')).stderr).toMatch(said);
  const fitted = ['fit', 'rows.csv', '--target', 'price', '--task', 'regression', '--out', 'model'];
  expect((await folder.edgewise(...fitted)).stderr).toMatch(said);
});

test('a schema file that Windows wrote is read, one in UTF-16 is refused as such', async () => {
  write({ months: (row) => row, gone });
  await declare('--target', 'gone');
  const text = folder.read('my.json').replaceAll('\n', '\r\n');
  folder.write('my.json', `\uFEFF${text}`);
  expect((await useCase()).id).toBe('my-case');
  folder.write('my.json', Buffer.from(`\uFEFF${text}`, 'utf16le'));
  expect(await readSchemaFile(`${folder.path}/my.json`)).toMatchObject({
    error: { message: expect.stringContaining('my.json cannot be read: it is not UTF-8 text') },
  });
});
