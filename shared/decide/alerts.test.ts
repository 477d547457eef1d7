import { expect, test } from 'vitest';
import { type AlertCondition, isNews, updateAlerts } from './alerts.ts';

const firing: AlertCondition = {
  rule: 'drift:distance',
  severity: 'warning',
  verdict: 'firing',
  summary: 'Drift of distance',
};
const startMs = Date.parse('2026-11-21T00:00:00Z');

function look(
  open: Parameters<typeof updateAlerts>[0]['open'],
  conditions: AlertCondition[],
  afterMs: number,
  rules = ['drift:distance', 'mae'],
) {
  let next = 0;
  const createId = () => `alert-${afterMs}-${next++}`;
  const nowMs = startMs + afterMs;
  return updateAlerts({ model: 'm', open, conditions, rules: new Set(rules), nowMs, createId });
}

test('a rule that fires opens one alert, and again only renews it', () => {
  const first = look([], [firing], 0);
  expect(first.opened).toHaveLength(1);
  const second = look(first.alerts, [{ ...firing, summary: 'worse' }], 5000);
  expect(second.opened).toHaveLength(0);
  expect(second.alerts).toHaveLength(1);
  expect(second.alerts[0]).toMatchObject({
    id: first.opened[0].id,
    summary: 'worse',
    openedAt: '2026-11-21T00:00:00.000Z',
    lastSeenAt: '2026-11-21T00:00:05.000Z',
    status: 'firing',
  });
});

test('recovery needs a clear verdict a minute after it last fired', () => {
  const { alerts } = look([], [firing], 0);
  const clear: AlertCondition = { ...firing, verdict: 'clear' };
  expect(look(alerts, [clear], 59_999).alerts).toHaveLength(1);
  const recovered = look(alerts, [clear], 60_000);
  expect(recovered.alerts).toHaveLength(0);
  expect(recovered.resolved[0]).toMatchObject({
    status: 'resolved',
    resolvedAt: '2026-11-21T00:01:00.000Z',
  });
});

test('too little data, or a rule not looked at, neither opens nor resolves', () => {
  const unknown: AlertCondition = { ...firing, verdict: 'unknown' };
  expect(look([], [unknown], 0).alerts).toHaveLength(0);
  const { alerts } = look([], [firing], 0);
  expect(look(alerts, [unknown], 3_600_000).alerts).toHaveLength(1);
  expect(look(alerts, [], 3_600_000).alerts).toHaveLength(1);
});

test('an alert whose rule is gone is resolved, and says so', () => {
  const { alerts } = look([], [firing], 0);
  expect(look(alerts, [], 59_999, ['mae']).alerts).toHaveLength(1);
  const { alerts: left, resolved } = look(alerts, [], 60_000, ['mae']);
  expect(left).toEqual([]);
  expect(resolved).toMatchObject([
    { rule: 'drift:distance', status: 'resolved', summary: 'Drift of distance (no longer judged)' },
  ]);
});

test('rules do not touch each other', () => {
  const { alerts } = look([], [firing, { ...firing, rule: 'mae', severity: 'critical' }], 0);
  const after = look(alerts, [{ ...firing, verdict: 'clear' }], 120_000);
  expect(after.alerts.map(({ rule }) => rule)).toEqual(['mae']);
});

test('a renewal is news once a minute; opening, resolving, severity and other words at once', () => {
  const summary = 'Drift of distance: PSI 0.31, adjusted p 1.2e-9, n 300';
  const [told] = look([], [{ ...firing, summary }], 0).alerts;
  const renewed = (change: Partial<AlertCondition>, afterMs: number) =>
    look([told], [{ ...firing, summary, ...change }], afterMs).alerts[0];
  expect(isNews(null, told)).toBe(true);
  const numbers = 'Drift of distance: PSI 0.4, adjusted p 0, n 350';
  expect(isNews(told, renewed({ summary: numbers }, 59_999))).toBe(false);
  expect(isNews(told, renewed({ summary: numbers }, 60_000))).toBe(true);
  expect(isNews(told, renewed({ severity: 'critical' }, 1000))).toBe(true);
  expect(isNews(told, renewed({ summary: '1.2.0 was rolled back' }, 1000))).toBe(true);
  expect(isNews(told, { ...told, status: 'resolved' })).toBe(true);
});

test('another version in the summary is news', () => {
  const [told] = look([], [{ ...firing, summary: '1.1.0 was rolled back: mae is 9' }], 0).alerts;
  expect(isNews(told, { ...told, summary: '1.2.0 was rolled back: mae is 9' })).toBe(true);
  expect(isNews(told, { ...told, summary: '1.1.0 was rolled back: mae is 8' })).toBe(false);
});
