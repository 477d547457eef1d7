import { expect, test } from 'vitest';
import type { Gate } from '../../shared/contracts/declaration.ts';
import { createRng } from '../../shared/core/rng.ts';
import { type Behaviour, type SimulationEnd, simulateRollout } from './rollout-simulation.ts';

const usual: Behaviour = { errorScale: 7, failureRate: 0.02, latencyMs: 5 };
const minSamples = 50;

/** Bounds that an equal challenger sits exactly on: the hardest case for false roll-backs. */
const onTheBoundary: Gate[] = [
  { metric: 'mae', maxRatioToChampion: 1, minSamples },
  { metric: 'rmse', maxRatioToChampion: 1, minSamples },
  { metric: 'error_rate', max: 0.02, maxRatioToChampion: 1, minSamples },
  { metric: 'latency_p95_ms', maxRatioToChampion: 1, minSamples },
];

const tolerant: Gate[] = [
  { metric: 'mae', maxRatioToChampion: 1.1, minSamples },
  { metric: 'error_rate', max: 0.05, minSamples },
  { metric: 'latency_p95_ms', max: 50, minSamples },
];

function simulate(gates: readonly Gate[], challenger: Behaviour, runs: number): SimulationEnd[] {
  return Array.from({ length: runs }, (_, seed) =>
    simulateRollout({ gates, champion: usual, challenger, rng: createRng(seed * 7919 + 1) }),
  );
}

const share = (ends: readonly SimulationEnd[], kind: SimulationEnd['kind']): number =>
  ends.filter((end) => end.kind === kind).length / ends.length;

test('an equal challenger watched after every fold is rolled back at most 5 times in 100', () => {
  expect(share(simulate(onTheBoundary, usual, 400), 'roll_back')).toBeLessThanOrEqual(0.05);
});

test('each gate alone keeps its error rate too', () => {
  for (const gate of onTheBoundary) {
    const ends = simulate([gate], usual, 200);
    expect(share(ends, 'roll_back'), gate.metric).toBeLessThanOrEqual(0.05);
  }
});

test('an equal challenger under tolerant gates is promoted, not held for ever', () => {
  expect(share(simulate(tolerant, usual, 200), 'promote')).toBeGreaterThan(0.97);
});

test.each([
  ['errors twice as large', { ...usual, errorScale: 14 }],
  ['failures in 15 of 100 answers', { ...usual, failureRate: 0.15 }],
  ['answers twenty times slower', { ...usual, latencyMs: 100 }],
])('a challenger with %s is rolled back within 150 of its own events', (_, challenger) => {
  const ends = simulate(tolerant, challenger, 100);
  expect(share(ends, 'roll_back')).toBe(1);
  const events = ends.map(({ challengerEvents }) => challengerEvents).sort((a, b) => a - b);
  expect(events[50]).toBeLessThan(150);
});
