import { expect, test } from 'vitest';
import type { AlertCondition } from './alerts.ts';
import {
  type FiringSince,
  holdConditions,
  holdingOf,
  silenceConditions,
} from './hold-conditions.ts';

const condition = (verdict: AlertCondition['verdict'], rule = 'mae'): AlertCondition => ({
  rule,
  severity: 'critical',
  verdict,
  summary: rule,
});

/** Verdicts let through over looks ten seconds apart. */
function looks(verdicts: AlertCondition['verdict'][], forMs: number): string[] {
  let since: FiringSince = {};
  return verdicts.map((verdict, i) => {
    const holding = holdingOf({ forMs, recoverAfterMs: 0 });
    const held = holdConditions([condition(verdict)], { since, holding, nowMs: i * 10_000 });
    since = held.since;
    return held.conditions[0].verdict;
  });
}

test('a condition is let through once it has fired for the duration', () => {
  expect(looks(['firing', 'firing', 'firing', 'firing'], 20_000)).toEqual([
    'unknown',
    'unknown',
    'firing',
    'firing',
  ]);
  expect(looks(['firing'], 0)).toEqual(['firing']);
});

test('a clear look starts the duration anew, an unknown one does not', () => {
  expect(looks(['firing', 'clear', 'firing', 'firing'], 20_000).at(-1)).toBe('unknown');
  expect(looks(['firing', 'unknown', 'firing'], 20_000).at(-1)).toBe('firing');
});

test('what did not fire for longer than the duration, unknown or not looked at, has not been firing all the time', () => {
  const unknown = new Array<'unknown'>(20).fill('unknown');
  expect(looks(['firing', ...unknown, 'firing'], 20_000).at(-1)).toBe('unknown');
  const holding = holdingOf({ forMs: 30_000, recoverAfterMs: 0 });
  const early = holdConditions([condition('firing')], { since: {}, holding, nowMs: 0 });
  const late = { since: early.since, holding, nowMs: 3_600_000 };
  expect(holdConditions([condition('firing')], late).conditions[0].verdict).toBe('unknown');
});

test.each([30_000, 60_000])('looks a minute apart are no break of %d ms', (forMs) => {
  let since: FiringSince = {};
  const verdicts = [0, 60_100, 120_200].map((nowMs) => {
    const holding = holdingOf({ forMs, recoverAfterMs: 0 });
    const held = holdConditions([condition('firing')], { since, holding, nowMs });
    since = held.since;
    return held.conditions[0].verdict;
  });
  expect(verdicts).toEqual(['unknown', 'firing', 'firing']);
});

test('a silenced rule is left alone until its time, a star silences all', () => {
  const all = [condition('firing'), condition('firing', 'drift:distance')];
  const rulesAt = (nowMs: number, rule: string) =>
    silenceConditions(all, [{ rule, untilMs: 100 }], nowMs).map((left) => left.rule);
  expect(rulesAt(99, 'mae')).toEqual(['drift:distance']);
  expect(rulesAt(100, 'mae')).toEqual(['mae', 'drift:distance']);
  expect(rulesAt(99, '*')).toEqual([]);
});

test('a rule is held as its own words say, then those of its kind, then those of all', () => {
  const holding = holdingOf({
    ...{ forMs: 10, recoverAfterMs: 20 },
    rules: { drift: { forMs: 30 }, 'drift:distance': { recoverAfterMs: 40 } },
  });
  expect(holding('mae')).toEqual({ forMs: 10, recoverAfterMs: 20 });
  expect(holding('drift:weather')).toEqual({ forMs: 30, recoverAfterMs: 20 });
  expect(holding('drift:distance')).toEqual({ forMs: 30, recoverAfterMs: 40 });
  expect(holdingOf(undefined)('mae')).toEqual({ forMs: 0, recoverAfterMs: 60_000 });
});
