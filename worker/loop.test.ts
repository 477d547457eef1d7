import { expect, test } from 'vitest';
import { outcome, prediction, sendEvents } from './test-support/batch.ts';
import { trustedPublisher } from './test-support/publisher.ts';
import { foldNow } from './test-support/telemetry.ts';
import { publish } from './test-support/version.ts';
import { createWorkspace, json, send } from './test-support/workspace.ts';

test('a version is published, rolled out, assigned, and what devices say of it is summarised', async () => {
  const workspace = await createWorkspace();
  const publisher = await trustedPublisher(workspace);
  const published = await publish(workspace, publisher, { version: '1.0.0' });
  expect(published.status, await published.clone().text()).toBe(201);

  const rollout = await workspace.call('POST', '/v1/models/parcel-time/rollouts', {
    version: '1.0.0',
    strategy: 'all',
  });
  expect(await json(rollout)).toMatchObject({ status: 'promoted', challenger: '1.0.0' });

  const bulk = await send('POST', '/ofrep/v1/evaluate/flags', {
    key: workspace.publishableKey,
    body: { context: { targetingKey: 'user-1', useCase: 'parcel-time' } },
  });
  const { flags } = await json<{ flags: { key: string; value: unknown }[] }>(bulk);
  expect(flags.find((flag) => flag.key === 'model')?.value).toMatchObject({
    status: 'assigned',
    version: '1.0.0',
  });

  const ack = await sendEvents(workspace, [
    prediction(1),
    prediction(2, { source: 'fallback', reason: 'deadline', version: null }),
    outcome(3, { prediction: 'device01.writer01:1' }),
  ]);
  expect(ack).toMatchObject({ duplicate: false, accepted: 3, rejected: [], flagsVersion: 2 });

  const summary = await foldNow(workspace);
  expect(summary.totals).toMatchObject({ batches: 1, events: 3, predictions: 2, outcomes: 1 });
  expect(summary.versions).toMatchObject([
    { version: '1.0.0', predictions: 2, outcomes: 1, mae: 3, fallbackRate: 0.5 },
  ]);
  expect(summary.drift.map((result) => result.verdict)).toEqual([
    'insufficient_data',
    'insufficient_data',
  ]);
});
