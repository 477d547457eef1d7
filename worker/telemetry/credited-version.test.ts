import { beforeAll, expect, test } from 'vitest';
import { outcome, prediction, sendEvents } from '../test-support/batch.ts';
import { trustedPublisher } from '../test-support/publisher.ts';
import { foldNow } from '../test-support/telemetry.ts';
import { publish } from '../test-support/version.ts';
import type { TestWorkspace } from '../test-support/workspace.ts';
import { createWorkspace } from '../test-support/workspace.ts';

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await createWorkspace();
  const publisher = await trustedPublisher(workspace);
  await publish(workspace, publisher, { version: '1.0.0' });
  await publish(workspace, publisher, { version: '1.1.0' });
});

test('while a challenger downloads, errors of the version that still answers are not its own', async () => {
  const waiting = { version: '1.0.0', assigned: '1.1.0' };
  await sendEvents(
    workspace,
    [
      prediction(1, { ...waiting, value: 20 }),
      prediction(2, { version: null, assigned: '1.1.0', source: 'fallback', reason: 'integrity' }),
      outcome(3, {
        ...waiting,
        prediction: 'device01.writer01:1',
        predicted: 20,
        value: 50,
        source: 'model',
      }),
    ],
    { device: 'device01' },
  );
  const { versions } = await foldNow(workspace);
  const of = (version: string) => versions.find((summary) => summary.version === version);
  expect(of('1.0.0')).toMatchObject({ bySource: { model: 1, fallback: 0 }, outcomes: 1, mae: 30 });
  expect(of('1.1.0')).toMatchObject({
    bySource: { model: 0, fallback: 1 },
    outcomes: 0,
    mae: null,
  });
  expect(of('1.1.0')).toMatchObject({ fallbackRate: 1 });
});
