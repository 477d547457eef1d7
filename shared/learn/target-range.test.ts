import { expect, test } from 'vitest';
import { firstOutside } from './target-range.ts';

test('the first target beyond the range is named with its row', () => {
  expect(firstOutside({ targetRange: 'positive' }, [2, 0, -1])).toEqual({ row: 1, value: 0 });
  expect(firstOutside({ targetRange: 'non-negative' }, [2, 0, -1])).toEqual({ row: 2, value: -1 });
});

test('a target within the range, or without one, is learnt from', () => {
  expect(firstOutside({ targetRange: 'positive' }, [2, 1e-9])).toBeNull();
  expect(firstOutside({ targetRange: 'non-negative' }, [2, 0])).toBeNull();
  expect(firstOutside({}, [-5])).toBeNull();
});
