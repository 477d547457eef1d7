import { runInDurableObject } from 'cloudflare:test';
import { expect, test } from 'vitest';
import type { AlertView } from '../../shared/contracts/registry.ts';
import { DAY_MS, HOUR_MS } from '../../shared/core/time.ts';
import { outcome, prediction, sendEvents } from '../test-support/batch.ts';
import { foldNow, objectOf } from '../test-support/telemetry.ts';
import { servingWorkspace } from '../test-support/traffic.ts';
import { DECLARATION } from '../test-support/version.ts';
import type { TestWorkspace } from '../test-support/workspace.ts';
import { json } from '../test-support/workspace.ts';
import { readActivity } from './activity-store.ts';
import { createTables } from './schema.ts';

const MONITORS = { ...DECLARATION.monitors, activity: { alpha: 1e-4 } };
const THIS_HOUR_MS = Math.floor((Date.now() - 10 * 60_000) / HOUR_MS) * HOUR_MS;

const inObject = <T>(workspace: TestWorkspace, of: (sql: SqlStorage) => T): Promise<T> =>
  runInDurableObject(objectOf(workspace), (_, { storage }) => of(storage.sql));

type Hour = { predictions: number; fallbacks?: number; meanLoss?: number };

/** Hours as they would have been counted, `ago` 1 the last whole one. Outcomes: one of two answers. */
function remember(
  workspace: TestWorkspace,
  { hours, of }: { hours: number; of: (ago: number) => Hour },
) {
  return inObject(workspace, (sql) => {
    for (let ago = hours; ago > 0; ago--) {
      const { predictions, fallbacks = 0, meanLoss = 4 } = of(ago);
      const n = Math.floor(predictions / 2);
      sql.exec(
        `INSERT INTO activity VALUES (?, '1.0.0', ?, ?, ?, ?, ?, ?)`,
        ...[THIS_HOUR_MS - ago * HOUR_MS, predictions, predictions, fallbacks, n],
        ...[n * meanLoss, n * 2 * meanLoss * meanLoss],
      );
    }
  });
}

const anomalies = async (workspace: TestWorkspace): Promise<AlertView[]> => {
  const all = await json<{ alerts: AlertView[] }>(
    workspace.call('GET', '/v1/models/parcel-time/alerts'),
  );
  return all.alerts.filter(({ rule }) => rule.startsWith('anomaly:'));
};

/** Never the same, as if nobody drew it. */
const usual = (ago: number): number => 200 + ((ago * 37) % 29);

test('each hour of a version is counted once, however often it is folded', async () => {
  const workspace = await servingWorkspace({ monitors: MONITORS });
  const at = Date.now() - 2 * HOUR_MS;
  const failed = { source: 'fallback', reason: 'runtime', version: null, at } as const;
  const answer = 'activity-device.writer01:1';
  const told = { at, prediction: answer, value: 33, predicted: 30 };
  await sendEvents(workspace, [prediction(1, { at }), prediction(2, failed), outcome(3, told)], {
    device: 'activity-device',
  });
  await foldNow(workspace);
  await foldNow(workspace);
  const rows = await inObject(workspace, readActivity);
  const hourMs = Math.floor(at / HOUR_MS) * HOUR_MS;
  const loss = { n: 1, sum: 3, sumSquares: 9 };
  expect(rows).toEqual([
    { hourMs, version: '1.0.0', predictions: 2, answers: 2, fallbacks: 1, loss },
  ]);
});

test('too short a history is no verdict and no alert', async () => {
  const workspace = await servingWorkspace({ monitors: MONITORS });
  await remember(workspace, { hours: 60, of: (ago) => ({ predictions: ago === 1 ? 0 : 200 }) });
  const { activity, forecast } = await foldNow(workspace);
  const verdicts = activity?.series.map(({ verdict }) => verdict);
  expect(verdicts).toEqual(['insufficient_data', 'insufficient_data', 'insufficient_data']);
  expect(forecast).toBeNull();
  expect(await anomalies(workspace)).toEqual([]);
});

test('half the traffic and more fallbacks are alerts with when they began and by what; the loss is usual', async () => {
  const workspace = await servingWorkspace({ monitors: MONITORS });
  await remember(workspace, {
    hours: 35 * 24,
    of: (ago) =>
      ago <= 2 ? { predictions: 100, fallbacks: 30 } : { predictions: usual(ago), fallbacks: 4 },
  });
  const { activity } = await foldNow(workspace);
  const since = new Date(THIS_HOUR_MS - 2 * HOUR_MS).toISOString();
  expect(activity).toMatchObject({
    hour: new Date(THIS_HOUR_MS - HOUR_MS).toISOString(),
    series: [
      { name: 'predictions', verdict: 'unusual', season: 'hour-of-week', since },
      { name: 'fallback_rate', verdict: 'unusual', season: 'hour-of-week', since },
      { name: 'loss', verdict: 'usual', since: null },
    ],
  });
  const found = await anomalies(workspace);
  expect(found.map(({ rule }) => rule).sort()).toEqual([
    'anomaly:fallback_rate',
    'anomaly:predictions',
  ]);
  const [{ summary }] = found.filter(({ rule }) => rule === 'anomaly:predictions');
  expect(summary).toMatch(
    /^Predictions an hour 100, usually 2\d\d \(\d+ to \d+\) in this hour of the week; since \w{3} \d\d:00 UTC/,
  );
});

test('a declaration without the monitor is not asked', async () => {
  const workspace = await servingWorkspace();
  await remember(workspace, {
    hours: 35 * 24,
    of: (ago) => ({ predictions: ago <= 2 ? 0 : usual(ago) }),
  });
  expect((await foldNow(workspace)).activity).toBeUndefined();
  expect(await anomalies(workspace)).toEqual([]);
});

test('a loss that grows to its bound is foretold, one that stays is not', async () => {
  const growing = await servingWorkspace({ monitors: MONITORS });
  await remember(growing, {
    hours: 40 * 24,
    of: (ago) => ({
      predictions: 200,
      meanLoss: 16 - 0.2 * (ago / 24) + 0.5 * Math.sin(2 * Math.floor(ago / 24)),
    }),
  });
  const { forecast, suggestions = [] } = await foldNow(growing);
  expect(forecast).toMatchObject({ loss: 'mae', limit: 20 });
  const days = (Date.parse(forecast?.at ?? '') - Date.now()) / DAY_MS;
  expect(days).toBeGreaterThan(17);
  expect(days).toBeLessThan(23);
  const { sentence } = suggestions.find(({ action }) => action === 'plan_retraining') ?? {};
  expect(sentence).toMatch(
    /^Plan a retraining: at this rate MAE passes 20\smin around \d+ \w{3} \(\d+ \w{3} to \d+ \w{3}\)/,
  );
  const steady = await servingWorkspace({ monitors: MONITORS });
  await remember(steady, {
    hours: 40 * 24,
    of: (ago) => ({ predictions: 200, meanLoss: 16 + Math.sin(ago * ago) }),
  });
  expect((await foldNow(steady)).forecast).toBeNull();
});

test('hours are forgotten after sixty days, and an object of before has a table for them', async () => {
  const workspace = await servingWorkspace({ monitors: MONITORS });
  await inObject(workspace, (sql) => {
    sql.exec('DROP TABLE activity');
    createTables(sql);
  });
  await remember(workspace, { hours: 62 * 24, of: (ago) => ({ predictions: usual(ago) }) });
  await foldNow(workspace);
  const rows = await inObject(workspace, readActivity);
  expect(rows.length).toBeLessThanOrEqual(60 * 24);
  expect(rows.length).toBeGreaterThan(60 * 24 - 3);
});
