import { expect, test } from 'vitest';
import { describeRetrain, shouldRetrain } from './retrain.ts';

const policy = { cron: '0 3 * * *', minNewLabels: 500, cooldownMs: 3_600_000 };
const idle = { newLabels: 800, lastRunAtMs: null, runningRun: false };
const nowMs = Date.parse('2026-11-21T03:00:30Z');

test('a scheduled minute with enough new labels and no run starts one', () => {
  expect(shouldRetrain(policy, idle, nowMs)).toEqual({
    retrain: true,
    reason: { tag: 'due', newLabels: 800 },
  });
});

test('each reason not to start is told with its numbers', () => {
  const reasonOf = (state: object, when = nowMs) =>
    shouldRetrain(policy, { ...idle, ...state }, when).reason;
  expect(reasonOf({}, nowMs + 60_000)).toEqual({ tag: 'not_scheduled' });
  expect(reasonOf({ runningRun: true })).toEqual({ tag: 'running' });
  expect(reasonOf({ lastRunAtMs: nowMs - 600_000 })).toEqual({
    tag: 'cooling_down',
    remainingMs: 3_000_000,
  });
  expect(reasonOf({ newLabels: 20 })).toEqual({
    tag: 'too_few_labels',
    newLabels: 20,
    needed: 500,
  });
});

test('one scheduled minute starts one run, even with no cool-down', () => {
  const eager = { ...policy, cooldownMs: 0 };
  const decision = shouldRetrain(eager, { ...idle, lastRunAtMs: nowMs - 20_000 }, nowMs);
  expect(decision.retrain).toBe(false);
  expect(describeRetrain(decision)).toMatch(/cooling down/);
});

test('without a schedule the volume of labels decides', () => {
  const { cron: _, ...unscheduled } = policy;
  expect(shouldRetrain(unscheduled, idle, nowMs + 1).retrain).toBe(true);
});
