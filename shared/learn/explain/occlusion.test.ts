import fc from 'fast-check';
import { expect, test } from 'vitest';
import { occlusionRows, reasonsFrom } from './occlusion.ts';

const inputs = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];
const baseline = { a: 1, b: 2, c: 'x' };

test('the batch is the row, then the row with one input at a time at its baseline', () => {
  expect(occlusionRows(inputs, { a: 5, b: null, c: 'y' }, baseline)).toEqual([
    { a: 5, b: null, c: 'y' },
    { a: 1, b: null, c: 'y' },
    { a: 5, b: 2, c: 'y' },
    { a: 5, b: null, c: 'x' },
  ]);
});

test('an input without a baseline is left out of rows and reasons alike', () => {
  const rows = occlusionRows(inputs, { a: 5, b: 6, c: 'y' }, { b: 2 });
  expect(rows).toHaveLength(2);
  expect(reasonsFrom(inputs, { b: 2 }, [10, 7])).toEqual([{ input: 'b', contribution: 3 }]);
});

test('reasons come most influential first, in the direction they pushed', () => {
  expect(reasonsFrom(inputs, baseline, [10, 9, 14, 10])).toEqual([
    { input: 'b', contribution: -4 },
    { input: 'a', contribution: 1 },
    { input: 'c', contribution: 0 },
  ]);
});

test('for an additive model contributions sum to the difference from the baseline row', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 6, maxLength: 6 }),
      (x) => {
        const names = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];
        const zero = { a: 0, b: 0, c: 0 };
        const predict = (row: Record<string, unknown>) =>
          x[3] * Number(row.a) + x[4] * Number(row.b) + x[5] * Number(row.c);
        const values = occlusionRows(names, { a: x[0], b: x[1], c: x[2] }, zero).map(predict);
        const sum = reasonsFrom(names, zero, values).reduce((s, r) => s + r.contribution, 0);
        expect(sum).toBe(values[0]);
      },
    ),
  );
});
