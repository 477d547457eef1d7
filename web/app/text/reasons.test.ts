import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layOutReasons } from './reasons.ts';

test('the strongest reason comes first, whichever its sign', () => {
  const chart = layOutReasons([
    { input: 'a', contribution: 2 },
    { input: 'b', contribution: -6 },
    { input: 'c', contribution: 0 },
  ]);
  expect(chart.bars.map((bar) => bar.input)).toEqual(['b', 'a']);
  expect(chart.tooSmall).toEqual(['c']);
  expect(chart.zero).toBeCloseTo(0.75);
});

test('bars of one scale stay inside the drawing and touch the zero line', () => {
  const reasons = fc.array(
    fc.record({
      input: fc.string(),
      contribution: fc.double({ min: -100, max: 100, noNaN: true }),
    }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(reasons, (list) => {
      const chart = layOutReasons(list);
      expect(chart.bars.length + chart.tooSmall.length).toBe(list.length);
      for (const bar of chart.bars) {
        expect(bar.from).toBeGreaterThanOrEqual(-1e-9);
        expect(bar.from + bar.width).toBeLessThanOrEqual(1 + 1e-9);
        const touching = bar.contribution < 0 ? bar.from + bar.width : bar.from;
        expect(touching).toBeCloseTo(chart.zero);
      }
    }),
  );
});

test('nothing to explain gives no bars', () => {
  expect(layOutReasons([{ input: 'a', contribution: 0 }]).bars).toEqual([]);
});
