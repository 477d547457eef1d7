import { expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import { inferTable } from '../../shared/table/infer-table.ts';
import { describeTableIssue } from '../../shared/table/read-table.ts';
import { readTableAs } from '../../shared/table/read-table-as.ts';
import { stratifiedShuffleSplit } from '../../shared/table/split/train-test-split.ts';
import { valueAt } from '../../shared/table/table.ts';
import { readReference } from './reference-data.ts';

type Expected = {
  file: string;
  target: string;
  rows: number;
  inputs: number;
  leftOut: string[];
  classes: string[] | null;
};

const FILES: Expected[] = [
  {
    file: 'california-housing/housing.csv',
    target: 'median_house_value',
    ...{ rows: 20_640, inputs: 9, leftOut: [], classes: null },
  },
  {
    file: 'telco-churn/Telco-Customer-Churn.csv',
    target: 'Churn',
    ...{ rows: 7043, inputs: 19, leftOut: ['customerID'], classes: ['No', 'Yes'] },
  },
  {
    file: 'fraud/fraud_combined.csv',
    target: 'Class',
    ...{ rows: 5931, inputs: 29, leftOut: [], classes: ['0', '1'] },
  },
  {
    file: 'hiring/recruitment_data.csv',
    target: 'HiringDecision',
    ...{ rows: 1500, inputs: 10, leftOut: [], classes: ['0', '1'] },
  },
  {
    file: 'food-delivery/Food_Delivery_Times.csv',
    target: 'Delivery_Time_min',
    ...{ rows: 1000, inputs: 7, leftOut: ['Order_ID'], classes: null },
  },
  {
    file: 'flight-delays/nycflights.csv',
    target: 'arr_delay',
    ...{ rows: 32_735, inputs: 16, leftOut: ['year'], classes: null },
  },
  {
    // Its time of the hour becomes four inputs, and one row has no temperature.
    file: 'nycflights-weather/weather.csv',
    target: 'temp',
    ...{ rows: 26_114, inputs: 16, leftOut: ['year'], classes: null },
  },
];

const textOf = (file: string): string => readReference(`data/${file}`);

test.each(FILES)('$file is read with no word about its columns', (expected) => {
  const read = inferTable(textOf(expected.file), { target: expected.target });
  if (!read.ok) throw new Error(read.error.issues.map(describeTableIssue).join('\n'));
  const { table, inputs, classes, report } = read.value;
  expect({
    ...expected,
    rows: table.rows,
    inputs: inputs.length,
    leftOut: report.filter(({ role }) => role === 'left_out').map(({ name }) => name),
    classes,
  }).toEqual(expected);
});

test('the numbers of churn are those in the file, its eleven blank charges are missing', () => {
  const text = textOf('telco-churn/Telco-Customer-Churn.csv');
  const read = inferTable(text, { target: 'Churn' });
  if (!read.ok) throw new Error('inference');
  const { table } = read.value;
  const [header, ...lines] = text.trimEnd().split(/\r?\n/);
  const names = header.split(',');
  const charges = table.columns.find(({ name }) => name === 'TotalCharges')!;
  let missing = 0;
  lines.forEach((line, row) => {
    const cell = line.split(',')[names.indexOf('TotalCharges')].trim();
    const value = valueAt(charges, row);
    if (value === null) missing++;
    expect(value).toBe(cell === '' ? null : Math.fround(Number(cell)));
  });
  expect(missing).toBe(11);
});

test('a file without a header is refused by the names it would have', () => {
  const read = inferTable(textOf('german-credit/german.csv'));
  expect(!read.ok && read.error.issues.map(({ expected }) => expected)).toEqual([
    'every name once',
    'every name once',
  ]);
});

test('a stratified fifth has the classes of the peers’ fifth, within a row', () => {
  const splits = JSON.parse(readReference('conformance/splits.json'));
  for (const name of ['telco-churn', 'fraud', 'hiring']) {
    const { file, target, test: theirs } = splits[name];
    const read = inferTable(readReference(file), { target });
    if (!read.ok) throw new Error('inference');
    const codes = read.value.table.target;
    const split = stratifiedShuffleSplit(codes, { testSize: 0.2, rng: createRng(42) });
    if (!split.ok) throw new Error('split');
    const positives = (rows: ArrayLike<number>) =>
      Array.from(rows).filter((row) => codes[row] === 1).length;
    expect(split.value.test.length).toBe(theirs.length);
    expect(Math.abs(positives(split.value.test) - positives(theirs))).toBeLessThanOrEqual(1);
  }
});

test('half of a file is read as the other half was', () => {
  const lines = textOf('california-housing/housing.csv').trimEnd().split(/\r?\n/);
  const part = (from: number) =>
    [lines[0], ...lines.slice(1).filter((_, i) => i % 2 === from)].join('\n');
  const first = inferTable(part(0), { target: 'median_house_value' });
  if (!first.ok) throw new Error('inference');
  const second = readTableAs(part(1), first.value);
  expect(second.ok && second.value).toMatchObject({ skippedRows: 0, table: { rows: 10_320 } });
});
