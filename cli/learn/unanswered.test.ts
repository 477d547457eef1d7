import { expect, test } from 'vitest';
import { createTableBuilder } from '../../shared/table/table-builder.ts';
import { predictionsCsv } from './predictions-csv.ts';
import { greatestIn, unansweredIn } from './unanswered.ts';

test('rows with a number that is not finite are counted once, the first is named', () => {
  const values = Float32Array.of(0.5, 0.5, Number.NaN, Number.NaN, 1, Infinity);
  expect(unansweredIn(values, 3)).toEqual({ rows: 2, first: 1 });
  expect(unansweredIn(values.subarray(0, 2), 1)).toBeNull();
});

test('the greatest number of a row is what most likely overflowed', () => {
  const inputs = ['a', 'b'].map((name) => ({ name, type: 'number', missing: 'impute' }) as const);
  const builder = createTableBuilder(inputs);
  builder.begin();
  builder.setNumber(0, 3);
  builder.setNumber(1, -1e30);
  builder.commit(0, 0);
  builder.begin();
  builder.commit(0, 0);
  const table = builder.build();
  expect(greatestIn(table, 0)).toBe('column b is -1.000e+30');
  expect(greatestIn(table, 1)).toBe('no number in it is large');
});

test('what is no finite number is an empty cell, and such a row has no label', () => {
  const values = Float32Array.of(Number.NaN, Number.NaN, 0.25, 0.75);
  const answers = { classes: ['a', 'b'], labels: ['a', 'b'], values, radius: null };
  expect(predictionsCsv(answers)).toBe(',,\nb,0.25,0.75\n');
  const numbers = { classes: [], labels: null, values: Float32Array.of(Infinity, 2) };
  expect(predictionsCsv({ ...numbers, radius: 1 })).toBe(',,\n2,1,3\n');
});
