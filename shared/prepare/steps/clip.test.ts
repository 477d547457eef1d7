import { expect, test } from 'vitest';
import { fitFences } from './clip.ts';

const column = Float32Array.from({ length: 9 }, (_, i) => i);
const matrix = { rows: 9, names: ['x'], data: column, categories: [] };

test('fences lie 1.5 interquartile ranges beyond the quartiles', () => {
  const { low, high } = fitFences(matrix, 'iqr');
  expect([low[0], high[0]]).toEqual([-4, 12]);
});

test('fences lie at modified z-scores of 3.5', () => {
  // Median 4, median absolute deviation 2: 4 ± 3.5 x 2 / 0.67449 (Iglewicz and Hoaglin 1993).
  const { low, high } = fitFences(matrix, 'mad');
  expect(low[0]).toBeCloseTo(-6.3782, 4);
  expect(high[0]).toBeCloseTo(14.3782, 4);
});
