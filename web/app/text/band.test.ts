import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layOutBand } from './band.ts';

test('a legible interval is drawn on the whole range of the target', () => {
  const band = layOutBand({ value: 34, interval: [26, 43], range: [0, 90] });
  expect(band.domain).toEqual([0, 100]);
  expect(band.ticks.map((tick) => tick.value)).toEqual([0, 20, 40, 60, 80, 100]);
});

test('a narrow interval on a wide range gets a window of its own', () => {
  const band = layOutBand({ value: 12, interval: [2, 31], range: [-90, 1500] });
  expect(band.domain[0]).toBeGreaterThanOrEqual(-100);
  expect(band.domain[1]).toBeLessThanOrEqual(150);
});

test('value and interval always lie inside the axis, in order', () => {
  const finite = fc.double({ min: -1e4, max: 1e4, noNaN: true });
  fc.assert(
    fc.property(finite, fc.nat(500), fc.nat(500), (value, below, above) => {
      const interval: [number, number] = [value - below, value + above];
      const band = layOutBand({ value, interval, range: [0, 120] });
      const [low, high] = band.interval!;
      expect(low).toBeGreaterThanOrEqual(-1e-9);
      expect(high).toBeLessThanOrEqual(1 + 1e-9);
      expect(low).toBeLessThanOrEqual(band.value + 1e-9);
      expect(band.value).toBeLessThanOrEqual(high + 1e-9);
      expect(band.ticks.length).toBeLessThanOrEqual(9);
    }),
  );
});

test('without an interval there is still an axis', () => {
  expect(layOutBand({ value: 5, interval: null, range: [0, 10] }).interval).toBeNull();
});
