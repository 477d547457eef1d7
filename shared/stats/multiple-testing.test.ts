import fc from 'fast-check';
import { expect, test } from 'vitest';
import { benjaminiHochberg, benjaminiYekutieli, bonferroni, holm } from './multiple-testing.ts';

const pValues = [0.01, 0.04, 0.03, 0.5, 0.001];
const close = (got: number[], expected: number[]) =>
  got.forEach((p, i) => {
    expect(p).toBeCloseTo(expected[i], 7);
  });

test('adjusted p values are those of scipy.stats.false_discovery_control and of Holm by hand', () => {
  close(benjaminiHochberg(pValues), [0.025, 0.05, 0.05, 0.5, 0.005]);
  close(benjaminiYekutieli(pValues), [0.05708333, 0.11416667, 0.11416667, 1, 0.01141667]);
  close(holm(pValues), [0.04, 0.09, 0.09, 0.5, 0.005]);
  close(bonferroni(pValues), [0.05, 0.2, 0.15, 1, 0.005]);
});

test('adjusting never lowers a p, keeps the order, and the methods nest', () => {
  const family = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 });
  fc.assert(
    fc.property(family, (given) => {
      const methods = [benjaminiHochberg, benjaminiYekutieli, holm, bonferroni];
      for (const adjust of methods) {
        const adjusted = adjust(given);
        given.forEach((p, i) => {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p * (1 - 1e-12));
          expect(adjusted[i]).toBeLessThanOrEqual(1);
          given.forEach((q, j) => {
            if (p < q) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j] + 1e-12);
          });
        });
      }
      const [discovery, , step, flat] = methods.map((adjust) => adjust(given));
      given.forEach((_, i) => {
        expect(discovery[i]).toBeLessThanOrEqual(step[i] + 1e-12);
        expect(step[i]).toBeLessThanOrEqual(flat[i] + 1e-12);
      });
    }),
  );
});

test('a p that is NaN is of no test: it stays so and changes no other', () => {
  for (const adjust of [benjaminiHochberg, benjaminiYekutieli, holm, bonferroni]) {
    const [first, none, second] = adjust([0.01, Number.NaN, 0.5]);
    expect(none).toBeNaN();
    expect([first, second]).toEqual(adjust([0.01, 0.5]));
  }
});
