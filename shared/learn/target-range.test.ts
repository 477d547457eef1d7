import { expect, test } from 'vitest';
import { firstOutside, narrowTarget } from './target-range.ts';

test('the first target beyond the range is named with its row', () => {
  expect(firstOutside({ targetRange: 'positive' }, [2, 0, -1])).toEqual({ row: 1, value: 0 });
  expect(firstOutside({ targetRange: 'non-negative' }, [2, 0, -1])).toEqual({ row: 2, value: -1 });
});

test('a target within the range, or without one, is learnt from', () => {
  expect(firstOutside({ targetRange: 'positive' }, [2, 1e-9])).toBeNull();
  expect(firstOutside({ targetRange: 'non-negative' }, [2, 0])).toBeNull();
  expect(firstOutside({}, [-5])).toBeNull();
});

test('targets that differ by less than float32 tells apart are refused with what to do', () => {
  expect(narrowTarget([5e-324, 0, 1e-300])).toMatch(/from 0 to 1e-300, are one .*: multiply them$/);
  expect(narrowTarget([123456789, 123456789.5])).toMatch(/: subtract what they have in common$/);
  expect(narrowTarget([2, 2, 2])).toBeNull();
  expect(narrowTarget([1, 1 + 2 ** -23])).toBeNull();
  expect(narrowTarget([-1e38, 1e38])).toBeNull();
  expect(narrowTarget([])).toBeNull();
});
