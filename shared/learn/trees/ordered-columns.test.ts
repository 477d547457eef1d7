import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareRows, orderColumns, sortedRows } from './ordered-columns.ts';

const float = fc.oneof(
  fc.float({ noNaN: false, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1, -1, Number.NaN),
);

test('rows are sorted by value, equal ones by row, missing last', () => {
  fc.assert(
    fc.property(fc.array(float, { maxLength: 40 }), (given) => {
      const values = Float32Array.from(given);
      expect(sortedRows(values)).toEqual(compareRows(values));
    }),
  );
});

test('a column of few values has levels in their order, missing after the last', () => {
  const data = Float32Array.from([3, 0.1, Number.NaN, 0.2, 1, 0.3, 3, 0.4]);
  const many = Float32Array.from({ length: 80 }, (_, i) => (i % 2 === 0 ? data[i % 8] : i));
  const { levels, orders, hasMissing } = orderColumns({
    rows: 40,
    names: ['few', 'many'],
    data: many,
    categories: [],
  });
  expect([...levels[0]!.of.subarray(0, 4)]).toEqual([1, 2, 0, 1]);
  expect(levels[0]!.count).toBe(3);
  expect(orders[0]).toBeNull();
  expect(levels[1]).toBeNull();
  expect(orders[1]).toHaveLength(40);
  expect(hasMissing).toEqual([true, false]);
});
