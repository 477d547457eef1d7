import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Table } from '../table/table.ts';
import { addTimeFeatures } from './time-features.ts';

function tableOf(values: number[], order: number[]): Table {
  const column = { type: 'number', name: 'x', values: Float32Array.from(values) } as const;
  const target = new Float64Array(values.length);
  return { rows: values.length, columns: [{ ...column }], target, order: Float64Array.from(order) };
}

const added = (table: Table) =>
  table.columns.slice(1).map((column) => (column.type === 'number' ? [...column.values] : []));

test('lags and rolling figures look back by time, not by row', () => {
  const table = tableOf([30, 10, 20], [3, 1, 2]);
  const [lag, mean, most] = added(
    addTimeFeatures(table, [
      { type: 'lag', column: 'x', steps: 1 },
      { type: 'rolling', column: 'x', window: 2, of: 'mean' },
      { type: 'rolling', column: 'x', window: 9, of: 'max' },
    ]),
  );
  expect(lag).toEqual([20, Number.NaN, 10]);
  expect(mean).toEqual([15, Number.NaN, 10]);
  expect(most).toEqual([20, Number.NaN, 10]);
});

test('groups do not see each other', () => {
  const table = tableOf([1, 2, 3, 4], [1, 2, 3, 4]);
  const [lag] = added(
    addTimeFeatures(table, [{ type: 'lag', column: 'x', steps: 1 }], [0, 1, 0, 1]),
  );
  expect(lag).toEqual([Number.NaN, Number.NaN, 1, 2]);
});

test('a season comes round', () => {
  const table = tableOf([0, 0, 0], [0, 6, 24]);
  const [sine, cosine] = added(
    addTimeFeatures(table, [{ type: 'season', period: 24, harmonics: 1 }]),
  );
  expect(sine[1]).toBeCloseTo(1, 6);
  expect(sine[2]).toBeCloseTo(sine[0], 6);
  expect(cosine[0]).toBe(1);
});

test('no feature knows its own row or a later one', () => {
  const values = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 2, maxLength: 12 });
  fc.assert(
    fc.property(values, fc.nat(), (numbers, at) => {
      const row = at % numbers.length;
      const order = numbers.map((_, i) => i);
      const features = [
        { type: 'lag', column: 'x', steps: 1 },
        { type: 'rolling', column: 'x', window: 3, of: 'std' },
      ] as const;
      const changed = numbers.map((value, i) => (i >= row ? value + 100 : value));
      const [before, after] = [numbers, changed].map((v) =>
        added(addTimeFeatures(tableOf(v, order), features)),
      );
      for (let i = 0; i <= row; i++)
        expect(after.map((c) => c[i])).toEqual(before.map((c) => c[i]));
    }),
  );
});
