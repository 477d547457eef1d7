import { expect, test } from 'vitest';
import type { SpawnSession } from '../adapters.ts';
import { createClient } from '../create-client.ts';
import { spawnInProcessSession } from '../inference/in-process-session.ts';
import { createPublisher } from '../test-support/publisher.ts';
import { ROW, TEST_USE_CASE, testAdapters, testClient } from '../test-support/test-client.ts';
import { ENDPOINT, TestServer } from '../test-support/test-server.ts';

const MODEL = { intercept: 10, perKm: 2, inRain: 0 };

/** Sessions of the real runtime that hang or crash from a moment on. */
function fragileSessions() {
  let failure: 'none' | 'hangs' | 'crashes' = 'none';
  const spawn: SpawnSession = async (options) => {
    const session = await spawnInProcessSession(options);
    return {
      run(rows) {
        if (failure === 'none') return session.run(rows);
        if (failure === 'hangs') return new Promise<Float32Array>(() => undefined);
        const died = new Error('out of memory');
        options.onCrash(died);
        return Promise.reject(died);
      },
      terminate: () => session.terminate(),
    };
  };
  const fail = (how: typeof failure) => {
    failure = how;
  };
  return { spawn, fail };
}

/** A client whose version 1.0.0 answers, and that is assigned 2.0.0 if `isMoved`, which never arrives. */
async function clientBetweenVersions(isMoved: boolean) {
  const publisher = await createPublisher();
  const server = new TestServer();
  server.assign(await publisher.version('1.0.0', MODEL));
  const sessions = fragileSessions();
  const client = testClient(server, publisher, { adapters: { inference: sessions.spawn } });
  await client.ready;
  if (isMoved) {
    server.before = ({ url }) =>
      url.includes('/v1/artifacts/') ? new Promise<Response>(() => undefined) : null;
    server.assign(await publisher.version('2.0.0', { ...MODEL, intercept: 20 }));
    await client.setContext({ targetingKey: 'u-1' });
    expect(client.status.model).toMatchObject({ version: '1.0.0', assigned: '2.0.0' });
  }
  return { server, client, sessions };
}

test.each(['hangs', 'crashes'] as const)(
  'while the assigned version is on its way, an earlier one that %s is not held against it',
  async (failure) => {
    const { server, client: between, sessions } = await clientBetweenVersions(true);
    await using client = between;
    sessions.fail(failure);
    const prediction = await client.predict(ROW, { deadlineMs: 20 });
    expect(prediction).toMatchObject({ source: 'fallback', fallbackReason: 'model_loading' });
    await client.flush();
    expect(server.ledger.ofType('prediction')).toMatchObject([
      { source: 'fallback', reason: 'model_loading', version: null, assigned: '2.0.0' },
    ]);
    const incidents = server.ledger.ofType('incident').map(({ kind, version }) => [kind, version]);
    expect(incidents).toEqual(failure === 'crashes' ? [['runtime', '1.0.0']] : []);
  },
);

test.each([
  ['hangs', 'deadline'],
  ['crashes', 'runtime'],
] as const)('the assigned version that %s is held to it: %s', async (failure, reason) => {
  const { server, client: started, sessions } = await clientBetweenVersions(false);
  await using client = started;
  sessions.fail(failure);
  const prediction = await client.predict(ROW, { deadlineMs: 20 });
  expect(prediction).toMatchObject({ source: 'fallback', fallbackReason: reason });
  await client.flush();
  expect(server.ledger.ofType('prediction')).toMatchObject([{ reason, assigned: '1.0.0' }]);
});

test('a prediction says what ran it, and an outcome the declared sensitive input of its row', async () => {
  const publisher = await createPublisher();
  const server = new TestServer();
  server.assign(await publisher.version('1.0.0', MODEL));
  await using client = createClient({
    endpoint: ENDPOINT,
    publishableKey: 'pk_test',
    useCase: { ...TEST_USE_CASE, sensitive: 'weather' },
    trustedKeys: { publisher: [publisher.publicKey] },
    context: { targetingKey: 'u-1' },
    adapters: testAdapters(server),
  });
  await client.ready;
  const { id } = await client.predict(ROW);
  await client.recordOutcome(id!, 20);
  client.track('order_completed', { name: 'another', value: 3 });
  await client.flush();
  expect(server.ledger.ofType('prediction')).toMatchObject([{ backend: 'script' }]);
  expect(server.ledger.ofType('outcome')).toMatchObject([{ group: 'rain' }]);
  const [tracked] = server.ledger.ofType('incident');
  expect(JSON.parse(tracked.detail)).toEqual({ name: 'order_completed', value: 3 });
});
