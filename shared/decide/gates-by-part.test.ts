import { expect, test } from 'vitest';
import type { Gate } from '../contracts/declaration.ts';
import type { Profile } from '../contracts/profile.ts';
import type { GateResult } from '../contracts/registry.ts';
import { addNumber } from '../stats/profile/column-profile.ts';
import { createAgreement } from '../stats/profile/shadow-profile.ts';
import { addBackend, addOutcome, createProfile } from '../stats/profile/traffic-profile.ts';
import type { StepEvidence } from './gate-question.ts';
import { judgeGates } from './gates.ts';

const minSamples = 100;

type Part = { n: number; error: number };

/** Errors alternate 0 and twice the mean, so that every sample has spread. */
function withGroups(groups: Record<string, Part>): Profile {
  const profile = createProfile(null);
  for (const [group, { n, error }] of Object.entries(groups))
    for (let i = 0; i < n; i++)
      addOutcome(profile, { value: i % 2 ? 2 * error : 0, predicted: 0, source: 'model', group });
  return profile;
}

function withBackends(backends: Record<string, { n: number; latencyMs: number }>): Profile {
  const profile = createProfile(null);
  for (const [backend, { n, latencyMs }] of Object.entries(backends))
    for (let i = 0; i < n; i++) {
      addNumber(profile.latencyMs, latencyMs);
      addBackend(profile, backend, latencyMs);
    }
  return profile;
}

function withAgreement(n: number, agreeing: number): Profile {
  const profile = createProfile(null);
  profile.agreement = { ...createAgreement(), n, agreeing };
  return profile;
}

function withBusiness(answers: number, sold: number): Profile {
  const profile = createProfile(null);
  profile.predictions.model = answers;
  profile.business = { sold: { n: sold, sum: sold, sumSquares: sold } };
  return profile;
}

const serve = (challenger: Profile, champion: Profile | null = null): StepEvidence => ({
  challenger,
  champion,
});
const shadowed = (challenger: Profile): StepEvidence => ({
  mode: 'shadow',
  challenger,
  champion: createProfile(null),
});

const GROUPS = ['north', 'south', 'west'];
const verdictsOf = (gate: Gate, ...steps: StepEvidence[]): Record<string, GateResult['verdict']> =>
  Object.fromEntries(
    judgeGates([gate], steps, { groups: GROUPS }).map(({ metric, verdict }) => [metric, verdict]),
  );

const latency: Gate = { metric: 'latency_p95_ms', max: 50, minSamples, eachBackend: true };

test('each backend is held to the latency bound by itself', () => {
  const fast = { n: 2000, latencyMs: 5 };
  expect(
    verdictsOf(latency, serve(withBackends({ wasm: fast, webgpu: { n: 300, latencyMs: 80 } }))),
  ).toEqual({ 'latency_p95_ms:wasm': 'pass', 'latency_p95_ms:webgpu': 'fail' });
});

test('a backend that hardly occurs holds nothing up, one that is common does', () => {
  const fast = { n: 2000, latencyMs: 5 };
  expect(
    verdictsOf(latency, serve(withBackends({ wasm: fast, cpu: { n: 10, latencyMs: 5 } }))),
  ).toEqual({ 'latency_p95_ms:wasm': 'pass' });
  expect(
    verdictsOf(latency, serve(withBackends({ wasm: fast, cpu: { n: 90, latencyMs: 5 } }))),
  ).toEqual({ 'latency_p95_ms:wasm': 'pass', 'latency_p95_ms:cpu': 'insufficient_data' });
});

const fair: Gate = { metric: 'group_mae_ratio', max: 1.25, minSamples };

test('a group whose error is too far above the others’ fails, and says which and by how much', () => {
  const groups = { north: { n: 400, error: 4 }, south: { n: 400, error: 12 } };
  const results = judgeGates([fair], [serve(withGroups(groups))], { groups: GROUPS });
  expect(results.map(({ metric, verdict }) => [metric, verdict])).toEqual([
    ['group_mae_ratio:north', 'pass'],
    ['group_mae_ratio:south', 'fail'],
  ]);
  expect(results[1].challenger).toBeCloseTo(12, 12);
  expect(results[1].limit).toBeCloseTo(1.25 * 4, 12);
});

test('a small group is too little data, not fairness', () => {
  const groups = { north: { n: 900, error: 4 }, south: { n: 40, error: 4 } };
  expect(verdictsOf(fair, serve(withGroups(groups)))).toEqual({
    'group_mae_ratio:north': 'insufficient_data',
    'group_mae_ratio:south': 'insufficient_data',
  });
});

test('a group is compared with the champion’s for the same group', () => {
  const gate: Gate = { metric: 'group_mae_ratio', maxRatioToChampion: 1.1, minSamples };
  const champion = withGroups({ north: { n: 900, error: 4 }, south: { n: 900, error: 8 } });
  const worse = withGroups({ north: { n: 400, error: 4 }, south: { n: 400, error: 16 } });
  expect(verdictsOf(gate, serve(worse, champion))).toEqual({
    'group_mae_ratio:north': 'pass',
    'group_mae_ratio:south': 'fail',
  });
});

const agree: Gate = { metric: 'agreement_rate', min: 0.9, minSamples };

test('agreement with the champion is judged in the shadow alone, and told as a share', () => {
  expect(verdictsOf(agree, shadowed(withAgreement(300, 290)))).toEqual({ agreement_rate: 'pass' });
  expect(verdictsOf(agree, shadowed(withAgreement(300, 200)))).toEqual({ agreement_rate: 'fail' });
  expect(verdictsOf(agree, shadowed(withAgreement(40, 20)))).toEqual({
    agreement_rate: 'insufficient_data',
  });
  expect(verdictsOf(agree, shadowed(withAgreement(300, 290)), serve(createProfile(null)))).toEqual(
    {},
  );
  const [result] = judgeGates([agree], [shadowed(withAgreement(300, 200))]);
  expect(result).toMatchObject({ limit: 0.9, n: 300 });
  expect(result.challenger).toBeCloseTo(2 / 3, 12);
});

test('a business metric that falls fails; nothing of it is asked in the shadow', () => {
  const ratio: Gate = { metric: 'business', name: 'sold', minRatioToChampion: 0.95, minSamples };
  const champion = withBusiness(5000, 1000);
  expect(verdictsOf(ratio, serve(withBusiness(2000, 400), champion))).toEqual({
    'business:sold': 'pass',
  });
  expect(verdictsOf(ratio, serve(withBusiness(2000, 200), champion))).toEqual({
    'business:sold': 'fail',
  });
  expect(verdictsOf(ratio, serve(withBusiness(2000, 370), champion))).toEqual({
    'business:sold': 'inconclusive',
  });
  expect(verdictsOf(ratio, shadowed(withBusiness(2000, 200)))).toEqual({});
  const least: Gate = { metric: 'business', name: 'sold', min: 0.1, minSamples };
  expect(verdictsOf(least, serve(withBusiness(2000, 400)))).toEqual({ 'business:sold': 'pass' });
  expect(verdictsOf(least, serve(withBusiness(2000, 0)))).toEqual({ 'business:sold': 'fail' });
  expect(verdictsOf(least, serve(withBusiness(2000, 50)))).toEqual({ 'business:sold': 'fail' });
});

test('intervals that miss too often, downloads that fail and files that do not fit are gates', () => {
  const profile = createProfile(null);
  profile.predictions.model = 500;
  profile.intervals = { n: 400, missed: 120 };
  profile.incidents = { download: 100, integrity: 1 };
  const gates: Gate[] = [
    { metric: 'interval_miss_rate', max: 0.15, minSamples },
    { metric: 'download_failure_rate', max: 0.02, minSamples },
    { metric: 'integrity_failure_rate', max: 0.02, minSamples },
  ];
  expect(judgeGates(gates, [serve(profile)]).map(({ verdict }) => verdict)).toEqual([
    'fail',
    'fail',
    'pass',
  ]);
});

test('an undecided gate says how much would settle it, and so much does', () => {
  const rate: Gate = { metric: 'error_rate', max: 0.05, minSamples };
  const failing = (n: number): Profile => {
    const profile = createProfile(null);
    profile.predictions.model = Math.round(n * 0.93);
    profile.reasons['runtime'] = n - profile.predictions.model;
    return profile;
  };
  const [open] = judgeGates([rate], [serve(failing(300))]);
  expect(open).toMatchObject({ verdict: 'inconclusive', n: 300 });
  expect(open.settledAt).toBeGreaterThan(300);
  const [settled] = judgeGates([rate], [serve(failing(open.settledAt! + 20))]);
  expect(settled).toMatchObject({ verdict: 'fail', settledAt: null });
  const [early] = judgeGates([rate], [serve(failing(Math.round(open.settledAt! * 0.9)))]);
  expect(early.verdict).toBe('inconclusive');
  const [little] = judgeGates([rate], [serve(failing(30))]);
  expect(little).toMatchObject({ verdict: 'insufficient_data', settledAt: 100 });
});

test('no gate answers NaN of nothing', () => {
  const gates: Gate[] = [
    latency,
    fair,
    agree,
    { metric: 'group_mae_ratio', maxRatioToChampion: 1, minSamples },
    { metric: 'business', name: 'sold', min: 1, minRatioToChampion: 1, minSamples },
    { metric: 'interval_miss_rate', max: 0.1, maxRatioToChampion: 1, minSamples },
    { metric: 'download_failure_rate', max: 0.1, maxRatioToChampion: 1, minSamples },
  ];
  for (const step of [
    shadowed(createProfile(null)),
    serve(createProfile(null), createProfile(null)),
  ])
    for (const result of judgeGates(gates, [step], { groups: GROUPS })) {
      expect(result.verdict, result.metric).toBe('insufficient_data');
      expect(Object.values(result)).not.toContain(Number.NaN);
    }
});
