import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTableBuilder } from '../table/table-builder.ts';
import { baselineOf, shortestDecimal } from './baseline.ts';
import { residualInterval } from './residual-interval.ts';

test('at least the level of residuals lie in the interval', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 300 }),
      (residuals) => {
        const target = Float64Array.from(residuals);
        const { lower, upper } = residualInterval(target, new Float32Array(target.length), 0.9);
        const inside = residuals.filter((residual) => residual >= lower && residual <= upper);
        expect(inside.length / residuals.length).toBeGreaterThanOrEqual(0.9);
      },
    ),
  );
});

test('the ends are order statistics of the residuals', () => {
  const target = Float64Array.from({ length: 199 }, (_, i) => 199 - i);
  const outOfFold = new Float32Array(199);
  expect(residualInterval(target, outOfFold, 0.9)).toEqual({ level: 0.9, lower: 10, upper: 190 });
});

test('the baseline is the median of numbers and the mode of declared categories', () => {
  const specs = [
    { name: 'km', type: 'number', missing: 'impute' },
    { name: 'empty', type: 'number', missing: 'impute' },
    {
      name: 'sky',
      type: 'category',
      missing: 'impute',
      categories: [{ value: 'a' }, { value: 'b' }],
    },
  ] as const;
  const builder = createTableBuilder(specs);
  for (const [km, sky] of [
    [0.1, 'z'],
    [7.93, 'z'],
    [9, 'b'],
    [Number.NaN, ''],
  ] as const) {
    builder.begin();
    builder.setNumber(0, km);
    builder.setCategory(2, sky);
    builder.commit(0, 0);
  }
  expect(baselineOf(builder.build())).toEqual({ km: 7.93, sky: 'b' });
});

test('the shortest decimal of a float32 is that float32', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Math.fround(shortestDecimal(value)) === value).toBe(true);
    }),
  );
  expect(shortestDecimal(Math.fround(7.93))).toBe(7.93);
});
