import { expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import { HOUR_MS } from '../../shared/core/time.ts';
import { judgeActivity } from '../../shared/decide/activity.ts';
import { ACTIVITY_SERIES, type ActivityName } from '../../shared/decide/activity-series.ts';
import { type SimulatedActivity, simulateActivity } from './activity-simulation.ts';

/** Far above what is declared, so that there is something to count. */
const ALPHA = 0.01;
const HOURS_JUDGED = 24 * 7;

/** Alarms of each series among the hours of the last week, each judged when it was over, by what came before. */
function alarms(simulation: SimulatedActivity, runs: number) {
  const counts: Record<ActivityName, number> = { predictions: 0, fallback_rate: 0, loss: 0 };
  let hours = 0;
  for (let seed = 0; seed < runs; seed++) {
    const rows = simulateActivity(simulation, createRng(7919 * seed + 11));
    for (let back = 1; back <= HOURS_JUDGED; back += 4) {
      hours++;
      const hourMs = (simulation.days * 24 - back - (seed % 4)) * HOUR_MS;
      const known = rows.filter((row) => row.hourMs <= hourMs);
      for (const { name, verdict } of judgeActivity(known, { hourMs, alpha: ALPHA }))
        if (verdict === 'unusual') counts[name]++;
    }
  }
  return { counts, hours };
}

test.each([
  [11, 20],
  [14, 200],
  [35, 20],
  [35, 200],
])('after %d days of %d predictions an hour no series alarms above alpha an hour', (days, mean) => {
  const { counts, hours } = alarms({ days, mean, fallbackRate: 0.03, loss: 8 }, 40);
  const most = ALPHA + 3 * Math.sqrt((ALPHA * (1 - ALPHA)) / hours);
  for (const name of ACTIVITY_SERIES) expect(counts[name] / hours).toBeLessThanOrEqual(most);
});

const DECLARED_ALPHA = 1e-4;
const CHANGED_AT = 35 * 24 - 10;

/** Hours until each series is told to be unusual, median over the runs; the change is at two in the afternoon. */
function delay(
  name: ActivityName,
  change: { traffic?: number; fallbacks?: number; loss?: number },
) {
  const delays: number[] = [];
  for (let seed = 0; seed < 15; seed++) {
    const simulation = { days: 35, mean: 200, fallbackRate: 0.03, loss: 8 };
    const changed = (hour: number) => (hour >= CHANGED_AT ? change : {});
    const rows = simulateActivity({ ...simulation, change: changed }, createRng(31 * seed + 5));
    let waited = 0;
    for (; waited < 10; waited++) {
      const hourMs = (CHANGED_AT + waited) * HOUR_MS;
      const known = rows.filter((row) => row.hourMs <= hourMs);
      const verdicts = judgeActivity(known, { hourMs, alpha: DECLARED_ALPHA });
      const found = verdicts.find((one) => one.name === name && one.verdict === 'unusual');
      if (!found) continue;
      expect(Math.abs((found.sinceMs ?? 0) / HOUR_MS - CHANGED_AT)).toBeLessThanOrEqual(waited + 2);
      break;
    }
    delays.push(waited + 1);
  }
  return delays.sort((a, b) => a - b)[7];
}

test('halved, silent and doubled traffic are told after an hour or two, and so is what fails and errs more', () => {
  expect(delay('predictions', { traffic: 0.5 })).toBeLessThanOrEqual(2);
  expect(delay('predictions', { traffic: 0 })).toBe(1);
  expect(delay('predictions', { traffic: 2 })).toBe(1);
  expect(delay('fallback_rate', { fallbacks: 4 })).toBeLessThanOrEqual(2);
  expect(delay('loss', { loss: 1.5 })).toBeLessThanOrEqual(2);
});
