import { expect, test } from 'vitest';
import { type ChampionState, describeRetrain, shouldRetrain } from './retrain.ts';

const policy = { cron: '0 3 * * *', minNewLabels: 500, cooldownMs: 3_600_000 };
const idle = { newLabels: 800, lastRunAtMs: null, runningRun: false };
const nowMs = Date.parse('2026-11-21T03:00:30Z');

test('a scheduled minute with enough new labels and no run starts one', () => {
  expect(shouldRetrain(policy, idle, nowMs)).toEqual({
    retrain: true,
    reason: { tag: 'due', newLabels: 800, cause: { trigger: 'schedule' } },
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

const noonMs = Date.parse('2026-11-21T12:00:30Z');
const champion: ChampionState = {
  driftedInputs: 3,
  inputs: 7,
  error: { loss: 'mae', mean: 9, variance: 40, outcomes: 400, tested: 6 },
};
const triggered = (triggers: object, state: object = {}) =>
  shouldRetrain({ ...policy, triggers }, { ...idle, champion, ...state }, noonMs);

test('drift of enough inputs starts a run between the scheduled ones, and says how many', () => {
  expect(describeRetrain(triggered({ drift: 0.4 }))).toBe('3 of 7 inputs drifted, 800 new labels');
  expect(triggered({ drift: 0.5 }).reason).toEqual({ tag: 'not_scheduled' });
  const calm = { champion: { ...champion, driftedInputs: 0 } };
  expect(triggered({ drift: 0.0001 }, calm).retrain).toBe(false);
});

test('an error shown to have grown starts one, an error that may have does not', () => {
  expect(describeRetrain(triggered({ decay: 1.2 }))).toBe(
    'MAE 9 over 400 outcomes, 6 when tested, 800 new labels',
  );
  const few = { champion: { ...champion, error: { ...champion.error, outcomes: 12 } } };
  expect(triggered({ decay: 1.2 }, few).reason).toEqual({ tag: 'not_scheduled' });
  expect(triggered({ decay: 1.6 }).retrain).toBe(false);
  expect(triggered({ decay: 1.2 }, { champion: { ...champion, error: null } }).retrain).toBe(false);
});

test('so many new labels are enough by themselves', () => {
  expect(triggered({ labels: 800 }).retrain).toBe(true);
  expect(triggered({ labels: 801 }).retrain).toBe(false);
});

test('a trigger needs the labels and the cool-down all the same', () => {
  expect(triggered({ drift: 0.1 }, { newLabels: 20 }).reason).toMatchObject({
    tag: 'too_few_labels',
  });
  expect(triggered({ drift: 0.1 }, { lastRunAtMs: noonMs - 1000 }).reason).toMatchObject({
    tag: 'cooling_down',
  });
  expect(triggered({ drift: 0.1 }, { runningRun: true }).reason).toEqual({ tag: 'running' });
});

test('a classifier decays by its Brier score', () => {
  const error = { loss: 'brier', mean: 0.24, variance: 0.05, outcomes: 400, tested: 0.16 } as const;
  expect(describeRetrain(triggered({ decay: 1.2 }, { champion: { ...champion, error } }))).toBe(
    'Brier score 0.24 over 400 outcomes, 0.16 when tested, 800 new labels',
  );
  const few = { ...champion, error: { ...error, outcomes: 50 } };
  expect(triggered({ decay: 1.2 }, { champion: few }).retrain).toBe(false);
});
