import { expect, test } from 'vitest';
import { createRng } from '../core/rng.ts';
import { createOnlineDiscovery, testOnline } from './online-discovery.ts';

test('an endless series of true nulls discovers something in at most alpha of series', () => {
  const rng = createRng(3);
  let series = 0;
  for (let run = 0; run < 400; run++) {
    const state = createOnlineDiscovery(0.1);
    for (let i = 0; i < 200; i++) testOnline(state, rng());
    if (state.discoveries.length > 0) series++;
  }
  expect(series / 400).toBeLessThanOrEqual(0.1);
});

test('among real changes the share of false discoveries stays below alpha', () => {
  const rng = createRng(8);
  let wrong = 0;
  let all = 0;
  for (let run = 0; run < 100; run++) {
    const state = createOnlineDiscovery(0.1);
    for (let i = 0; i < 300; i++) {
      const isReal = i % 4 === 0;
      const { isDiscovery } = testOnline(state, isReal ? rng() * 1e-5 : rng());
      if (isDiscovery) all++;
      if (isDiscovery && !isReal) wrong++;
    }
  }
  expect(all).toBeGreaterThan(100 * 50);
  expect(wrong / all).toBeLessThan(0.1);
});

test('a discovery earns level for the tests after it', () => {
  const state = createOnlineDiscovery(0.05);
  const levels = [1, 1, 1e-9, 1].map((p) => testOnline(state, p).level);
  expect(levels[1]).toBeLessThan(levels[0]);
  expect(levels[3]).toBeGreaterThan(levels[2]);
});
