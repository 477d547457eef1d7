import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GateResult, RolloutPlan } from '../contracts/registry.ts';
import { tickRollout } from './rollout.ts';

const steps = [0.01, 0.05, 0.1, 0.25, 0.5, 1];
const startMs = 1_000_000;

const gate = (verdict: GateResult['verdict']): GateResult => ({
  metric: 'mae',
  verdict,
  challenger: 7.1234567,
  champion: 6,
  limit: 6.6,
  n: 40,
  needed: 100,
});

const plan = (change: Partial<RolloutPlan> = {}): RolloutPlan => ({
  steps: steps.map((share) => ({ share, mode: 'serve', holdMs: 60_000 })),
  pace: 'evidence',
  promotion: 'verdict',
  ...change,
});

const state = (stepIndex: number, change: Partial<RolloutPlan> = {}) => ({
  plan: plan(change),
  stepIndex,
  stepStartedAtMs: startMs,
  unit: 'min',
});

const verdicts = fc.array(
  fc.constantFrom<GateResult['verdict']>('pass', 'fail', 'inconclusive', 'insufficient_data'),
  { maxLength: 6 },
);

test('any failed gate rolls back at once, at any step and any time', () => {
  fc.assert(
    fc.property(verdicts, fc.nat(5), fc.nat(200_000), (others, stepIndex, elapsedMs) => {
      const gates = [...others, 'fail' as const].map(gate);
      return tickRollout(state(stepIndex), gates, startMs + elapsedMs).kind === 'roll_back';
    }),
  );
});

test('a step is left only when held long enough and every gate passes', () => {
  fc.assert(
    fc.property(verdicts, fc.nat(5), fc.nat(200_000), (given, stepIndex, elapsedMs) => {
      const move = tickRollout(state(stepIndex), given.map(gate), startMs + elapsedMs);
      const isReady = elapsedMs >= 60_000 && given.every((verdict) => verdict === 'pass');
      return (move.kind === 'advance' || move.kind === 'promote') === isReady;
    }),
  );
});

test('steps are taken one at a time and leaving the last promotes', () => {
  expect(tickRollout(state(2), [gate('pass')], startMs + 60_000)).toEqual({
    kind: 'advance',
    stepIndex: 3,
  });
  expect(tickRollout(state(5), [], startMs + 60_000)).toEqual({ kind: 'promote' });
});

test('a reason carries the numbers', () => {
  expect(tickRollout(state(0), [gate('fail')], startMs)).toEqual({
    kind: 'roll_back',
    reason: 'mean absolute error is 7.123\u202fmin, beyond 6.6\u202fmin, champion 6\u202fmin',
  });
  expect(tickRollout(state(0), [gate('insufficient_data')], startMs + 90_000)).toEqual({
    kind: 'hold',
    reason: 'mean absolute error has 40 of 100 samples',
  });
  expect(tickRollout(state(0), [gate('pass')], startMs + 15_500)).toEqual({
    kind: 'hold',
    reason: 'held 15 s of 60 s',
  });
  const slow = { ...plan(), steps: [{ share: 1, mode: 'serve' as const, holdMs: 86_400_000 }] };
  expect(tickRollout({ ...state(0), plan: slow }, [], startMs + 7_800_000)).toEqual({
    kind: 'hold',
    reason: 'held 2 h of 24 h',
  });
});

test('a reason is in the form of its metric: shares in per cent, and of its part', () => {
  const reasonOf = (of: Partial<GateResult>): string => {
    const failed = { ...gate('fail'), champion: null, ...of };
    const move = tickRollout(state(0), [failed], startMs);
    return move.kind === 'roll_back' ? move.reason : move.kind;
  };
  expect(reasonOf({ metric: 'calibration_error', challenger: 0.12, limit: 0.05 })).toBe(
    'calibration error is 12 %, beyond 5 %',
  );
  expect(reasonOf({ metric: 'recall', challenger: 0.4, limit: 0.6 })).toBe(
    'recall is 40 %, below 60 %',
  );
  expect(reasonOf({ metric: 'latency_p95_ms:webgpu', challenger: 80, limit: 50 })).toBe(
    'latency at the 95th percentile on webgpu is 80 ms, beyond 50 ms',
  );
  expect(reasonOf({ metric: 'business:sold', challenger: 0.1, limit: 0.2 })).toBe(
    'sold a prediction is 0.1, below 0.2',
  );
});

test('at the pace of time, too little data does not stop it; what looks bad does', () => {
  const rolling = state(1, { pace: 'time' });
  const afterMs = startMs + 60_000;
  expect(tickRollout(rolling, [gate('insufficient_data')], afterMs)).toEqual({
    kind: 'advance',
    stepIndex: 2,
  });
  expect(tickRollout(rolling, [gate('inconclusive')], afterMs).kind).toBe('hold');
  expect(tickRollout(rolling, [gate('insufficient_data')], afterMs - 1).kind).toBe('hold');
  expect(tickRollout(rolling, [gate('fail')], startMs).kind).toBe('roll_back');
});

test('what is promoted by hand waits when every gate held, and still rolls back', () => {
  const byHand = state(5, { promotion: 'hand' });
  const afterMs = startMs + 60_000;
  expect(tickRollout(byHand, [gate('pass')], afterMs)).toEqual({
    kind: 'hold',
    reason: 'every gate held: waits for somebody to promote it',
  });
  expect(tickRollout(byHand, [gate('fail')], afterMs).kind).toBe('roll_back');
  expect(tickRollout(state(4, { promotion: 'hand' }), [gate('pass')], afterMs)).toEqual({
    kind: 'advance',
    stepIndex: 5,
  });
});

test('what looks bad says how much more would settle it', () => {
  const open = { ...gate('inconclusive'), n: 200, settledAt: 540 };
  expect(tickRollout(state(0), [open], startMs)).toEqual({
    kind: 'hold',
    reason:
      'mean absolute error is 7.123\u202fmin against 6.6\u202fmin: not settled, at this difference it would be after about 340 more',
  });
  expect(tickRollout(state(0), [{ ...open, settledAt: 344_527 }], startMs)).toMatchObject({
    reason: expect.stringContaining('after about 340,000 more'),
  });
});
