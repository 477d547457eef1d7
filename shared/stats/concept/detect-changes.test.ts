import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import { DETECTORS, detectChanges } from './detect-changes.ts';

const errorsOf = (n: number, draw: (i: number) => number) =>
  Float64Array.from({ length: n }, (_, i) => draw(i));

test('every detector finds where a classifier became worse, and those of quantities where a regressor did', () => {
  const rng = createRng(3);
  const wrong = errorsOf(3000, (i) => (rng() < (i < 1500 ? 0.1 : 0.6) ? 1 : 0));
  const off = errorsOf(3000, (i) => Math.abs(normal(rng)) * (i < 1500 ? 20 : 60));
  for (const detector of DETECTORS) {
    const decisions = detectChanges(wrong, detector, { isQuantity: false, rng });
    const hit = decisions?.drifts.some((row) => row > 1500 && row < 1800);
    expect(hit, detector).toBe(true);
    const quantities = detectChanges(off, detector, { isQuantity: true, rng });
    if (quantities) expect(quantities.drifts.some((row) => row > 1500 && row < 1800)).toBe(true);
    else expect(['ddm', 'eddm', 'hddm_a', 'hddm_w']).toContain(detector);
  }
});

test('the unit of an error changes no answer; no rows, or errors of zero, are no change', () => {
  const rng = createRng(5);
  const off = errorsOf(1200, (i) => Math.abs(normal(rng)) * (i < 600 ? 1 : 3));
  for (const detector of ['adwin', 'page_hinkley', 'kswin'] as const) {
    const at = (errors: Float64Array) =>
      detectChanges(errors, detector, { isQuantity: true, rng: createRng(1) })?.drifts;
    expect(at(off.map((error) => error * 1024))).toEqual(at(off));
    expect(at(new Float64Array())).toEqual([]);
    expect(at(new Float64Array(500))).toEqual([]);
  }
});
