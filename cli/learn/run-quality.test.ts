import { afterEach, beforeEach, expect, test } from 'vitest';
import { inferTable } from '../../shared/table/infer-table.ts';
import { writeTable } from '../../shared/table/parquet/write-table.ts';
import { createTestFolder, type TestFolder } from '../test-support/test-folder.ts';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

const edgewise = (...commandLine: string[]) => folder.edgewise(...commandLine);
const write = (name: string, text: string | Uint8Array): void => folder.write(name, text);

const lines = Array.from(
  { length: 60 },
  (_, i) => `${i},${i % 6 ? i % 7 : ''},${i % 12 ? 'no' : 'yes'}`,
);
const CSV = `parcel_id,stops,late\n${lines.join('\n')}\n`;

test('quality prints JSON alone on standard output, and the sentences beside it', async () => {
  write('parcels.csv', CSV);
  const { stdout, stderr, exitCode } = await edgewise(
    ...['quality', 'parcels.csv', '--target', 'late', '--json'],
  );
  expect(exitCode).toBe(0);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ file: 'parcels.csv', rows: 60, missingCells: 10 });
  expect(
    report.columns.map(({ name, type, missing }: Record<string, unknown>) => [name, type, missing]),
  ).toEqual([
    ['parcel_id', 'number', 0],
    ['stops', 'number', 10],
    ['late', 'boolean', 0],
  ]);
  expect(report.target).toMatchObject({ kind: 'classes', imbalance: 11 });
  expect(stderr).toContain('warning: parcel_id looks like an id');
  expect(stderr).toContain('"yes" has 5 rows (8.33 %)');
});

test('without --json the sentences are the answer', async () => {
  write('parcels.csv', CSV);
  const { stdout, stderr } = await edgewise('quality', 'parcels.csv');
  expect(stderr).toBe('parcels.csv: 60 rows, 3 columns.\n');
  expect(stdout).toContain('stops: number; 10 missing; 7 different; 0 to 6');
  expect(stdout).toContain('warning: stops is missing in 10 rows (16.7 %).');
});

test('a file that is not there, is empty or lacks the target is refused in words', async () => {
  write('empty.csv', '');
  write('parcels.csv', CSV);
  for (const [commandLine, words] of [
    [['none.csv'], 'There is no file none.csv'],
    [['empty.csv'], 'expected a header, found nothing'],
    [['parcels.csv', '--target', 'early'], 'no column "early"'],
  ] as const) {
    const { exitCode, stderr, stdout } = await edgewise('quality', ...commandLine);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain(words);
  }
});

test('a Parquet file is told by its bytes and judged as the same table in CSV', async () => {
  const csv = CSV.replace('parcel_id', 'parcel');
  const read = inferTable(csv, { target: 'late' });
  if (!read.ok) throw new Error('inference');
  const file = writeTable(read.value.table, { name: 'late', classes: read.value.classes });
  write('parcels.data', new Uint8Array(file));
  write('parcels.csv', csv);
  const [a, b] = await Promise.all(
    ['parcels.data', 'parcels.csv'].map((name) => edgewise('quality', name, '--json')),
  );
  expect({ ...JSON.parse(a.stdout), file: '' }).toEqual({ ...JSON.parse(b.stdout), file: '' });
  write('broken.parquet', 'PAR1 and no more');
  expect((await edgewise('quality', 'broken.parquet')).stderr).toContain(
    'is a damaged Parquet file',
  );
});

test('the report is written as a page, as Markdown and as JSON', async () => {
  write('parcels.csv', CSV);
  const { exitCode } = await edgewise(
    ...['quality', 'parcels.csv', '--html', 'q.html', '--markdown', 'q.md', '--report', 'q.json'],
  );
  expect(exitCode).toBe(0);
  const [html, markdown, report] = ['q.html', 'q.md', 'q.json'].map((name) => folder.read(name));
  expect(html).toContain('Quality of parcels.csv');
  expect(markdown).toContain('Quality of parcels.csv');
  expect(JSON.parse(report)).toMatchObject({ kind: 'quality', subject: '60 rows, 3 columns' });
});
