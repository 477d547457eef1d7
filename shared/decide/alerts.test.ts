import { expect, test } from 'vitest';
import { type AlertCondition, updateAlerts } from './alerts.ts';

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
) {
  let next = 0;
  const createId = () => `alert-${afterMs}-${next++}`;
  return updateAlerts({ model: 'm', open, conditions, nowMs: startMs + afterMs, createId });
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

test('rules do not touch each other', () => {
  const { alerts } = look([], [firing, { ...firing, rule: 'mae', severity: 'critical' }], 0);
  const after = look(alerts, [{ ...firing, verdict: 'clear' }], 120_000);
  expect(after.alerts.map(({ rule }) => rule)).toEqual(['mae']);
});
