import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DriftFlags, runDrift } from './run-drift.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'edgewise-drift-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const write = (name: string, header: string, rows: readonly string[]): void =>
  writeFileSync(join(cwd, name), [header, ...rows, ''].join('\n'));

async function drift(flags: Partial<DriftFlags>) {
  const told = { stdout: '', stderr: '' };
  const process = {
    stdout: { write: (text: string) => (told.stdout += text) },
    stderr: { write: (text: string) => (told.stderr += text) },
  };
  const failure = await runDrift.call(
    { process, environment: {}, cwd },
    {
      ...{ reference: 'a.csv', current: 'b.csv', window: '30d', methods: 'auto', json: false },
      ...flags,
    },
    undefined,
  );
  return { ...told, failure };
}

const numbers = (n: number, from = 0): string[] =>
  Array.from({ length: n }, (_, i) => `${from + i}`);

test('a column that the current file lacks is drift, told in text, JSON and HTML, with what it may be now', async () => {
  write(
    'a.csv',
    'x,country',
    numbers(60).map((x) => `${x},a`),
  );
  write(
    'b.csv',
    'x,Country,more',
    numbers(60).map((x) => `${x},a,1`),
  );
  const { stdout } = await drift({ html: 'r.html' });
  expect(stdout).toContain('Dataset: drifted, 50 % of 2 columns');
  expect(stdout).toContain(
    'lack 1 column of the reference: country. They have "Country" for "country"',
  );
  expect(stdout).toContain(
    '2 columns of the current data are not in the reference: Country, more.',
  );
  const html = readFileSync(join(cwd, 'r.html'), 'utf8');
  expect(html).toContain('The current data lack 1 column.');
  expect(html).toContain('1 missing, 2 new');
  const told = JSON.parse((await drift({ json: true })).stdout);
  expect(told.schema).toEqual({
    missing: ['country'],
    added: ['Country', 'more'],
    retyped: [],
  });
  expect(told.dataset).toMatchObject({ drifted: true, share: 0.5 });
  const evidently = JSON.parse((await drift({ json: true, compatibility: 'evidently' })).stdout);
  expect(evidently.schema.missing).toEqual(['country']);
  expect(evidently.dataset).toMatchObject({ drifted: false, share: 0 });
});

test('a column that became text, or numbers, is told as such in text, JSON and HTML', async () => {
  const asText = numbers(60).map((x) => `word${Number(x) % 5}`);
  write(
    'a.csv',
    'x,y,z',
    asText.map((word, i) => `${i},${word},`),
  );
  write(
    'b.csv',
    'x,y,z',
    asText.map((word, i) => `${word},${i},${i}`),
  );
  const { stdout } = await drift({ html: 'r.html' });
  expect(stdout).toContain('1 column of numbers became text: x.');
  expect(stdout).toContain('1 column of text became numbers: y.');
  const html = readFileSync(join(cwd, 'r.html'), 'utf8');
  expect(html).toContain('1 column of numbers became text: x.');
  expect(html).toContain('2 of another type');
  const { schema } = JSON.parse((await drift({ json: true })).stdout);
  expect(schema.retyped).toEqual([
    { column: 'x', from: 'number', to: 'text' },
    { column: 'y', from: 'text', to: 'number' },
  ]);
});

test('words that mean missing leave a column of numbers one of numbers; among categories they are categories', async () => {
  write(
    'a.csv',
    'x,c',
    numbers(200).map((x) => `${x},${Number(x) % 2 ? 'None' : 'some'}`),
  );
  const words = ['NaN', 'nan', 'null', 'None', 'N/A', '#N/A', '<NA>', 'NULL'];
  const marked = numbers(200).map((x, i) => (i % 25 === 0 ? words[i / 25] : x));
  write(
    'b.csv',
    'x,c',
    marked.map((x, i) => `${x},${i % 2 ? 'None' : 'some'}`),
  );
  const { columns } = JSON.parse((await drift({ json: true })).stdout);
  expect(columns).toMatchObject([
    { column: 'x', type: 'number', nReference: 200, nCurrent: 192 },
    { column: 'c', type: 'category', nReference: 200, nCurrent: 200 },
  ]);
  expect(columns[0].shares).toMatchObject([{ of: 'missing_values', current: 0.04 }]);
});

test('a column without a single number is none of numbers, unless the other file has them', async () => {
  write('a.csv', 'x', numbers(40));
  write('b.csv', 'x', new Array<string>(40).fill('NaN'));
  const { columns } = JSON.parse((await drift({ json: true })).stdout);
  expect(columns).toMatchObject([{ type: 'number', nCurrent: 0 }]);
  write('a.csv', 'x', new Array<string>(40).fill('None'));
  const told = JSON.parse((await drift({ json: true })).stdout);
  expect(told.columns).toMatchObject([{ type: 'category', nReference: 40 }]);
});

test('an unseen category and new missing cells are each a sentence and a row of the report', async () => {
  write(
    'a.csv',
    'c',
    numbers(300).map((x) => (Number(x) % 2 ? 'a' : 'b')),
  );
  const now = numbers(300).map((x) =>
    Number(x) % 6 === 0 ? '?' : Number(x) % 7 === 0 ? 'new' : 'a',
  );
  write('b.csv', 'c', now);
  const { stdout } = await drift({ html: 'r.html' });
  expect(stdout).toMatch(/of the rows are missing, 0 % were \(p/);
  expect(stdout).toMatch(
    /of the rows have a category that the reference does not have; rare categories explain none/,
  );
  const html = readFileSync(join(cwd, 'r.html'), 'utf8');
  expect(html).toContain('Missing values and unseen categories');
});

test("Evidently's thresholds are its own: --alpha is refused beside them", async () => {
  write('a.csv', 'x', numbers(40));
  write('b.csv', 'x', numbers(40));
  const { failure } = await drift({ compatibility: 'evidently', alpha: 0.01 });
  expect(failure).toMatchObject({ exitCode: 2 });
  expect(failure?.message).toContain('--alpha goes with');
  expect((await drift({ alpha: 0.01 })).stdout).toContain('no drift');
});
