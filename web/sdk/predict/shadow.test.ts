import { expect, test } from 'vitest';
import type { SpawnSession } from '../adapters.ts';
import { spawnInProcessSession } from '../inference/in-process-session.ts';
import { memoryStorage } from '../storage/memory.ts';
import { createPublisher } from '../test-support/publisher.ts';
import { ROW, testClient } from '../test-support/test-client.ts';
import { TestServer } from '../test-support/test-server.ts';

const CHAMPION = { intercept: 10, perKm: 2, inRain: 0 };
const CHALLENGER = { intercept: 20, perKm: 2, inRain: 0 };

/** A client whose 1.0.0 answers and whose 2.0.0 runs in the shadow. */
async function shadowedClient(options: { spawn?: SpawnSession } = {}) {
  const publisher = await createPublisher();
  const server = new TestServer();
  server.assign(await publisher.version('1.0.0', CHAMPION));
  server.shadow(await publisher.version('2.0.0', CHALLENGER));
  const storage = memoryStorage();
  const adapters = {
    storage: async () => storage,
    inference: options.spawn ?? spawnInProcessSession,
  };
  const client = testClient(server, publisher, { adapters });
  await client.ready;
  return { server, publisher, storage, client };
}

/** Lets what runs in tasks of its own run, and sends. */
async function settle({ flush }: { flush(): Promise<unknown> }): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 40));
  await flush();
}

const bind = (client: { flush(): Promise<unknown> }) => ({ flush: () => client.flush() });

/** Until the shadow has loaded: it waits for the model that answers. */
async function untilShadowed(parts: Awaited<ReturnType<typeof shadowedClient>>): Promise<void> {
  for (let i = 0; i < 50; i++) {
    await parts.client.predict(ROW);
    await settle(bind(parts.client));
    if (parts.server.ledger.ofType('shadow').length > 0) return;
  }
  throw new Error('Nothing ran in the shadow');
}

test('a challenger in the shadow answers each row once, and the user gets the champion alone', async () => {
  const parts = await shadowedClient();
  await using client = parts.client;
  await untilShadowed(parts);
  const before = parts.server.ledger.ofType('shadow').length;
  const ids = [];
  for (let i = 0; i < 10; i++) {
    const prediction = await client.predict(ROW);
    expect(prediction).toMatchObject({ value: 18, version: '1.0.0', source: 'model' });
    ids.push(prediction.id);
  }
  await settle(bind(client));
  const shadows = parts.server.ledger.ofType('shadow').slice(before);
  expect(shadows.map(({ prediction }) => prediction)).toEqual(ids);
  expect(shadows[0]).toMatchObject({
    version: '2.0.0',
    value: 28,
    champion: 18,
    backend: 'script',
    latencyMs: expect.any(Number),
  });
  const predictions = parts.server.ledger.ofType('prediction');
  expect(new Set(predictions.map(({ version }) => version))).toEqual(new Set(['1.0.0']));
});

test('an outcome says what both had answered, told in the same breath or after the events went to disk', async () => {
  const parts = await shadowedClient();
  await using client = parts.client;
  await untilShadowed(parts);
  const { id } = await client.predict(ROW);
  await client.recordOutcome(id!, 25);
  const later = await client.predict(ROW);
  await settle(bind(client));
  await client.recordOutcome(later.id!, 26);
  await client.flush();
  const shadow = { version: '2.0.0', predicted: 28 };
  expect(parts.server.ledger.ofType('outcome')).toMatchObject([
    { prediction: id, predicted: 18, version: '1.0.0', value: 25, shadow },
    { prediction: later.id, predicted: 18, version: '1.0.0', value: 26, shadow },
  ]);
});

test('a shadow that hangs or crashes delays no answer and is told as failed', async () => {
  let spawned = 0;
  const spawn: SpawnSession = async (options) => {
    const session = await spawnInProcessSession(options);
    spawned += 1;
    if (spawned === 1) return session;
    let runs = 0;
    return {
      ...session,
      run: (rows) => (runs++ < 1 ? session.run(rows) : Promise.reject(new Error('out of memory'))),
    };
  };
  const parts = await shadowedClient({ spawn });
  await using client = parts.client;
  await untilShadowed(parts);
  const prediction = await client.predict(ROW);
  expect(prediction).toMatchObject({ value: 18, version: '1.0.0', source: 'model' });
  await settle(bind(client));
  const failed = parts.server.ledger
    .ofType('shadow')
    .find((event) => event.prediction === prediction.id);
  expect(failed).toMatchObject({ reason: 'runtime', champion: 18 });
  expect(failed).not.toHaveProperty('value');
});

test('a shadow that ended runs no more, and the next start begins with the champion', async () => {
  const parts = await shadowedClient();
  const { client, server, publisher, storage } = parts;
  await untilShadowed(parts);
  server.shadow(null);
  await client.setContext({ targetingKey: 'u-1' });
  const before = server.ledger.ofType('shadow').length;
  await client.predict(ROW);
  await settle(bind(client));
  expect(server.ledger.ofType('shadow')).toHaveLength(before);
  await client[Symbol.asyncDispose]();
  server.isReachable = false;
  await using again = testClient(server, publisher, {
    adapters: { storage: async () => storage },
  });
  await again.ready;
  expect(again.status.model.version).toBe('1.0.0');
});

test('a version that cannot run in the shadow is an incident of its own', async () => {
  const publisher = await createPublisher();
  const server = new TestServer();
  server.assign(await publisher.version('1.0.0', CHAMPION));
  const broken = await publisher.version('2.0.0', CHALLENGER);
  server.shadow(broken);
  for (const [sha256] of broken.files) server.artifacts.delete(sha256);
  await using client = testClient(server, publisher);
  await client.ready;
  await settle(bind(client));
  expect((await client.predict(ROW)).version).toBe('1.0.0');
  await client.flush();
  expect(server.ledger.ofType('incident')).toMatchObject([{ kind: 'download', version: '2.0.0' }]);
});
