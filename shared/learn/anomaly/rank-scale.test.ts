import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toRankScale } from './rank-scale.ts';

const numbers = fc
  .array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 60 })
  .map((values) => Float32Array.from(values));

test('what both say of rows is brought over exactly, however the scale is bent', () => {
  fc.assert(
    fc.property(numbers, (from) => {
      const bent = from.map((score) => 5 + score ** 3);
      expect([...toRankScale(from, from, bent)]).toEqual([...bent]);
    }),
  );
});

test('greater scores stay greater or equal, beyond what was seen too', () => {
  fc.assert(
    fc.property(numbers, numbers, (scores, from) => {
      const into = from.map((score) => 0.001 * score);
      const brought = toRankScale(Float32Array.from(scores).sort(), from, into);
      for (let i = 1; i < brought.length; i++)
        expect(brought[i]).toBeGreaterThanOrEqual(brought[i - 1]);
    }),
  );
});

test('a scale ten times as wide goes on ten times as wide', () => {
  const from = Float32Array.of(0, 1, 2, 3);
  const into = Float32Array.of(0, 10, 20, 30);
  expect([...toRankScale(Float32Array.of(1.5, 4, -1), from, into)]).toEqual([15, 40, 0]);
});
