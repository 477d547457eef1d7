import { OFREPApi } from '@openfeature/ofrep-core';
import { beforeAll, expect, test } from 'vitest';
import { trustedPublisher } from '../../worker/test-support/publisher.ts';
import { publish } from '../../worker/test-support/version.ts';
import type { TestWorkspace } from '../../worker/test-support/workspace.ts';
import { createWorkspace, fetchWorker, ORIGIN } from '../../worker/test-support/workspace.ts';

const CONTEXT = { targetingKey: 'user-1', useCase: 'parcel-time' };
let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await createWorkspace();
  await publish(workspace, await trustedPublisher(workspace), { version: '1.0.0' });
});

/** OpenFeature's own client, as its browser provider uses it. */
const client = (key: string): OFREPApi =>
  new OFREPApi({ baseUrl: ORIGIN, headers: [['Authorization', `Bearer ${key}`]] }, ((
    input: string,
    init: RequestInit,
  ) => fetchWorker(new Request(input, init))) as never);

test('OpenFeature’s client reads the bulk answer, its ETag and its event stream', async () => {
  const answer = await client(workspace.publishableKey).postBulkEvaluateFlags({ context: CONTEXT });
  expect(answer.httpStatus).toBe(200);
  expect(answer).toMatchObject({
    value: {
      flags: [
        { key: 'ml-enabled', value: true },
        { key: 'ml-traffic-percentage', value: 100 },
        { key: 'fallback-on-error', value: true },
        { key: 'model', value: { status: 'not_assigned' } },
      ],
      eventStreams: [{ type: 'sse', inactivityDelaySec: 120 }],
    },
  });
});

test('it understands "not modified", also after an event told it which version to ask for', async () => {
  const api = client(workspace.publishableKey);
  const first = await api.postBulkEvaluateFlags({ context: CONTEXT });
  const etag = first.httpResponse?.headers.get('ETag');
  expect((await api.postBulkEvaluateFlags({ context: CONTEXT }, etag)).httpStatus).toBe(304);
  const told = { flagConfigEtag: '1' } as never;
  expect((await api.postBulkEvaluateFlags({ context: CONTEXT }, etag, told)).httpStatus).toBe(304);
});

test('it understands one flag, an unknown flag and a refused key', async () => {
  const api = client(workspace.publishableKey);
  expect(await api.postEvaluateFlag('ml-enabled', { context: CONTEXT })).toMatchObject({
    httpStatus: 200,
    value: { value: true },
  });
  expect(await api.postEvaluateFlag('no-such', { context: CONTEXT })).toMatchObject({
    httpStatus: 404,
    value: { errorCode: 'FLAG_NOT_FOUND' },
  });
  const stranger = client(`pk_${'A'.repeat(43)}`);
  await expect(stranger.postBulkEvaluateFlags({ context: CONTEXT })).rejects.toThrow(/auth/i);
});
