import { expect, test } from 'vitest';
import { DECLARATION } from '../../test-support/version.ts';
import { readDataset } from '../dataset-table.ts';
import { datasetColumns, joinLabels, labelMap } from './labelled-rows.ts';
import { readParquet, writeParquet } from './parquet.ts';

test('numbers, texts and missing values survive a Parquet file exactly', async () => {
  const file = writeParquet([
    { name: 'x', type: 'DOUBLE', data: [0.1, null, -1e300, 5e-324, null] },
    { name: 'word', type: 'STRING', data: ['dry', null, '', 'Zürich 🚲', 'dry'] },
    { name: 'none', type: 'DOUBLE', data: [null, null, null, null, null] },
  ]);
  expect(await readParquet(file)).toEqual([
    { x: 0.1, word: 'dry', none: null },
    { x: null, word: null, none: null },
    { x: -1e300, word: '', none: null },
    { x: 5e-324, word: 'Zürich 🚲', none: null },
    { x: null, word: 'dry', none: null },
  ]);
});

test('a file of no rows is a file of no rows', async () => {
  expect(await readParquet(writeParquet([{ name: 'x', type: 'DOUBLE', data: [] }]))).toEqual([]);
});

const row = (i: number, features: Record<string, number | string | null>, value = i) => ({
  id: `d:${i}`,
  at: 1000 * i,
  features,
  value,
});

test('a dataset reads back as a table in time order, its newest fifth held out', async () => {
  const rows = Array.from({ length: 10 }, (_, i) => row(i, { distance: i, weather: 'rain' }));
  const columns = datasetColumns(rows, DECLARATION);
  const { training, heldOut } = await readDataset(writeParquet(columns), DECLARATION);
  expect([...training.target]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect([...heldOut.target]).toEqual([8, 9]);
  expect(training.columns.map(({ name }) => name)).toEqual(['distance', 'weather']);
  expect(training.order).not.toBeNull();
});

test('what a row lacks, or holds of another type, is missing in the table', async () => {
  const rows = [
    row(0, { distance: 4, weather: 'dry' }),
    row(1, {}),
    row(2, { distance: null, weather: null }),
    row(3, { distance: 'far', weather: 7 }),
    row(4, { distance: 1e60, weather: '' }),
  ];
  const columns = datasetColumns(rows, DECLARATION);
  expect(columns.map(({ name }) => name)).toEqual([
    'predicted_at_ms',
    'distance',
    'weather',
    'minutes',
  ]);
  expect(columns[1].data).toEqual([4, null, null, null, null]);
  expect(columns[2].data).toEqual(['dry', null, null, null, null]);
  const { training } = await readDataset(writeParquet(columns), DECLARATION);
  const [distance] = training.columns;
  expect(distance.type === 'number' && [...distance.values]).toEqual([4, NaN, NaN, NaN]);
});

test('the first label of a prediction counts, and one that float32 cannot hold is none', () => {
  const predictions = [row(1, {}), row(2, {}), row(3, {})];
  const told = [
    { prediction: 'd:1', value: 10 },
    { prediction: 'd:1', value: 99 },
    { prediction: 'd:2', value: 1e60 },
    { prediction: 'd:9', value: 5 },
  ];
  const labels = labelMap(told, { task: 'regression' });
  expect(joinLabels(predictions, labels)).toEqual([row(1, {}, 10)]);
});
