import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scoreMedian, wholeWorths } from './median-estimator.ts';

/** Trees of a leaf each, which answer these values to everything. */
function medianOf(answers: readonly number[], worths: readonly number[]): number {
  const { length } = answers;
  const trees = {
    roots: Int32Array.from(answers.keys()),
    feature: new Int32Array(length).fill(-1),
    threshold: new Float32Array(length),
    left: new Int32Array(length),
    right: new Int32Array(length),
    missingLeft: new Uint8Array(length),
    value: Float32Array.from(answers),
  };
  const matrix = { rows: 1, names: ['x'], data: new Float32Array(1), categories: [] };
  return scoreMedian({ type: 'median', trees, worths: wholeWorths(worths) }, matrix)[0];
}

/** scikit-learn 1.2.1, AdaBoostRegressor's `_get_median_predict`, of trees with these answers. */
test.each([
  [[1, 2, 3], [1, 1, 1], 2],
  [[4, 1, 3, 2], [1, 1, 1, 1], 2],
  [[5, 1, 9], [0.2, 0.3, 0.5], 5],
  [[5, 1, 9], [0.1, 0.3, 0.6], 9],
  [[2, 1], [0, 0], 1],
])('the median of %j weighed %j is %d', (answers, worths, median) => {
  expect(medianOf(answers, worths)).toBe(median);
});

const weighed = fc.array(
  fc.record({
    answer: fc.integer({ min: -1000, max: 1000 }),
    worth: fc.double({ min: 0.01, max: 10, noNaN: true }),
  }),
  { minLength: 1, maxLength: 40 },
);

test('half of the worth lies at or below the median, and less than half below it', () => {
  fc.assert(
    fc.property(weighed, (trees) => {
      const worths = wholeWorths(trees.map(({ worth }) => worth));
      const total = worths.reduce((sum, worth) => sum + worth, 0);
      const median = medianOf(
        trees.map(({ answer }) => answer),
        trees.map(({ worth }) => worth),
      );
      const worthWhere = (isIn: (answer: number) => boolean) =>
        trees.reduce((sum, { answer }, t) => sum + (isIn(answer) ? worths[t] : 0), 0);
      expect(2 * worthWhere((answer) => answer <= median)).toBeGreaterThanOrEqual(total);
      expect(2 * worthWhere((answer) => answer < median)).toBeLessThan(total);
    }),
  );
});

test('worths are whole and sum to less than 2^24, so that float32 adds them up exactly', () => {
  const worths = wholeWorths(Array.from({ length: 400 }, (_, t) => 1 / (t + 3)));
  expect(worths.every(Number.isInteger)).toBe(true);
  expect(worths.reduce((sum, worth) => sum + worth, 0)).toBeLessThan(2 ** 24);
});
