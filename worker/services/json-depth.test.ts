import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isDeeperThan } from './json-depth.ts';

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
    : 0;

test('it knows the depth of any JSON value, whatever its strings hold', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.nat(7), (value, limit) => {
      expect(isDeeperThan(JSON.stringify(value), limit)).toBe(depthOf(value) > limit);
    }),
  );
});

test('in text that is not JSON no line hides how deep the next one is', () => {
  for (const line of [']]]]]]', '"', '"\\', '{"a":"\\"'])
    expect([line, isDeeperThan(`${line}\n[[[[]]]]`, 3)]).toEqual([line, true]);
});

test('brackets, quotes and backslashes inside strings do not count', () => {
  expect(isDeeperThan(JSON.stringify({ a: '[[[[{{"\\' }), 1)).toBe(false);
});
