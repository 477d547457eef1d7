import { expect, test } from 'vitest';
import { createPublisher } from '../test-support/publisher.ts';
import { ROW, TestStreams, testClient } from '../test-support/test-client.ts';
import { TestServer } from '../test-support/test-server.ts';

test('what waits for a far-off next try goes as soon as the flags show that the server is back', async () => {
  const publisher = await createPublisher();
  const server = new TestServer();
  server.assign(await publisher.version('1.0.0', { intercept: 10, perKm: 2, inRain: 0 }));
  const streams = new TestStreams();
  await using client = testClient(server, publisher, {
    // The greatest jitter: after six failures the next try is a minute away.
    adapters: { eventSource: streams.connect, rng: () => 0.999 },
  });
  await client.ready;
  server.isReachable = false;
  const prediction = await client.predict(ROW);
  for (let i = 0; i < 6; i++) await client.flush();
  expect(client.status.outbox.lastError).not.toBeNull();
  server.isReachable = true;
  const [stream] = streams.open;
  stream.onmessage?.(
    new MessageEvent('message', {
      data: JSON.stringify({ type: 'refetchEvaluation', etag: String(server.ledger.flagsVersion) }),
    }),
  );
  await expect
    .poll(() => server.ledger.events.has(prediction.id ?? ''), { timeout: 5000 })
    .toBe(true);
});
