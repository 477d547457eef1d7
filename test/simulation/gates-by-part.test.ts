import { expect, test } from 'vitest';
import type { Gate } from '../../shared/contracts/declaration.ts';
import type { Profile } from '../../shared/contracts/profile.ts';
import { createRng, normal, type Rng } from '../../shared/core/rng.ts';
import { judgeGates } from '../../shared/decide/gates.ts';
import { addTracked } from '../../shared/stats/profile/business-profile.ts';
import { addNumber } from '../../shared/stats/profile/column-profile.ts';
import {
  addBackend,
  addOutcome,
  createProfile,
} from '../../shared/stats/profile/traffic-profile.ts';

const GROUPS = ['north', 'south', 'east'];
const RUNS = 300;
const FOLDS = 60;
const EVENTS_PER_FOLD = 60;
const minSamples = 50;

type AddEvent = (profile: Profile, rng: Rng) => void;

/** Share of simulated rollouts that a gate ever fails, looked at after every fold; both sides behave alike. */
function everFails(gate: Gate, add: AddEvent, addChallenger: AddEvent = add): number {
  let failed = 0;
  for (let run = 0; run < RUNS; run++) {
    const rng = createRng(run * 7919 + 11);
    const step = { challenger: createProfile(null), champion: createProfile(null) };
    for (let fold = 0; fold < FOLDS; fold++) {
      for (let i = 0; i < EVENTS_PER_FOLD; i++) {
        addChallenger(step.challenger, rng);
        add(step.champion, rng);
      }
      const results = judgeGates([gate], [step], { groups: GROUPS });
      if (!results.some(({ verdict }) => verdict === 'fail')) continue;
      failed++;
      break;
    }
  }
  return failed / RUNS;
}

const grouped =
  (scaleOf: (group: string) => number): AddEvent =>
  (profile, rng) => {
    const group = GROUPS[Math.floor(rng() * GROUPS.length)];
    const value = 30 + scaleOf(group) * normal(rng);
    addOutcome(profile, { value, predicted: 30, source: 'model', group });
  };

const sells =
  (rate: number): AddEvent =>
  (profile, rng) => {
    profile.predictions.model++;
    if (rng() < rate) addTracked(profile, { name: 'sold', amount: 1 });
  };

const answers =
  (medianMs: number): AddEvent =>
  (profile, rng) => {
    const latencyMs = medianMs * Math.exp(0.5 * normal(rng));
    addNumber(profile.latencyMs, latencyMs);
    addBackend(profile, rng() < 0.7 ? 'wasm' : 'webgpu', latencyMs);
  };

test('groups whose errors are alike are called unfair at most 5 times in 100, watched throughout', () => {
  const gate: Gate = { metric: 'group_mae_ratio', max: 1, minSamples };
  expect(
    everFails(
      gate,
      grouped(() => 7),
    ),
  ).toBeLessThanOrEqual(0.05);
});

test('a group that is no worse than with the champion is failed at most 5 times in 100', () => {
  const gate: Gate = { metric: 'group_mae_ratio', maxRatioToChampion: 1, minSamples };
  expect(
    everFails(
      gate,
      grouped((group) => (group === 'east' ? 14 : 7)),
    ),
  ).toBeLessThanOrEqual(0.05);
});

test('a group whose errors are 40 in 100 larger is found', () => {
  const gate: Gate = { metric: 'group_mae_ratio', max: 1.05, minSamples };
  expect(
    everFails(
      gate,
      grouped((group) => (group === 'east' ? 10 : 7)),
    ),
  ).toBeGreaterThan(0.95);
});

test('business that goes on as before is called worse at most 5 times in 100', () => {
  const gate: Gate = { metric: 'business', name: 'sold', minRatioToChampion: 1, minSamples };
  expect(everFails(gate, sells(0.2))).toBeLessThanOrEqual(0.05);
});

test('business that falls by a third is found', () => {
  const gate: Gate = { metric: 'business', name: 'sold', minRatioToChampion: 0.95, minSamples };
  expect(everFails(gate, sells(0.3), sells(0.2))).toBeGreaterThan(0.95);
});

test('backends whose latency is as it was are called slower at most 5 times in 100', () => {
  const gate: Gate = {
    metric: 'latency_p95_ms',
    maxRatioToChampion: 1,
    minSamples,
    eachBackend: true,
  };
  expect(everFails(gate, answers(5))).toBeLessThanOrEqual(0.05);
});
