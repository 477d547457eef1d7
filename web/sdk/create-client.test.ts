import { afterEach, expect, test, vi } from 'vitest';
import { InputError, PredictionError, UnknownPredictionError } from './errors.ts';
import { emptyTables, memoryStorage } from './storage/memory.ts';
import { createPublisher } from './test-support/publisher.ts';
import {
  ROW,
  TestPage,
  TestStreams,
  testClient,
  testLocalStorage,
} from './test-support/test-client.ts';
import { TestServer } from './test-support/test-server.ts';

const MODEL = { intercept: 10, perKm: 2, inRain: 0 };

afterEach(() => void vi.unstubAllGlobals());

async function started() {
  const publisher = await createPublisher();
  const server = new TestServer();
  server.assign(await publisher.version('1.0.0', MODEL));
  return { publisher, server };
}

test('the assigned model answers, and the event reaches the ledger once', async () => {
  const { publisher, server } = await started();
  await using client = testClient(server, publisher);
  await client.ready;
  const prediction = await client.predict(ROW);
  expect(prediction).toMatchObject({
    value: 18,
    interval: [16, 21],
    version: '1.0.0',
    source: 'model',
    warnings: [],
    assignment: { variant: 'champion', reason: 'SPLIT' },
  });
  const report = await client.flush();
  expect(report).toMatchObject({ batches: 1, accepted: 1, waiting: 0, stopped: null });
  expect([...server.ledger.events.keys()]).toEqual([prediction.id]);
  expect(server.ledger.ofType('prediction')[0]).toMatchObject({
    source: 'model',
    version: '1.0.0',
    assigned: '1.0.0',
    value: 18,
    features: ROW,
  });
});

test('before the model is there the fallback answers at once and says why', async () => {
  const { publisher, server } = await started();
  await using client = testClient(server, publisher);
  const prediction = await client.predict(ROW);
  expect(prediction).toMatchObject({
    value: 30,
    version: null,
    source: 'fallback',
    fallbackReason: 'model_loading',
  });
  expect(prediction.id).toMatch(/^[a-z0-9]{16}\.[a-z0-9]{16}:1$/);
});

test('invalid input throws InputError, and a what-if leaves no event', async () => {
  const { publisher, server } = await started();
  await using client = testClient(server, publisher);
  await client.ready;
  await expect(client.predict({ distance: 'far', weather: 'sun' })).rejects.toThrow(InputError);
  const whatIf = await client.predict(ROW, { record: false });
  expect(whatIf).toMatchObject({ id: null, source: 'model' });
  await client.flush();
  expect(server.ledger.events.size).toBe(0);
});

test('an outcome carries its prediction, also after the page was opened again', async () => {
  const { publisher, server } = await started();
  const tables = emptyTables();
  const adapters = { storage: async () => memoryStorage(tables) };
  const first = testClient(server, publisher, { adapters });
  await first.ready;
  const { id } = await first.predict(ROW);
  await first[Symbol.asyncDispose]();
  await using second = testClient(server, publisher, { adapters });
  await second.recordOutcome(id as string, 25, { observedAt: 1000 });
  await second.flush();
  expect(server.ledger.ofType('outcome')).toMatchObject([
    {
      prediction: id,
      value: 25,
      observedAt: 1000,
      predicted: 18,
      version: '1.0.0',
      source: 'model',
    },
  ]);
  await expect(second.recordOutcome('nobody.nothing:1', 3)).rejects.toThrow(UnknownPredictionError);
});

test('a kill reaches a connected page by its stream, and the stream of a new page refetches', async () => {
  const { publisher, server } = await started();
  const streams = new TestStreams();
  await using client = testClient(server, publisher, {
    adapters: { eventSource: streams.connect },
  });
  await client.ready;
  expect(streams.open.map(({ url }) => url)).toEqual([
    'https://edgewise.test/v1/stream?key=pk_test',
  ]);
  server.kill();
  streams.open[0].onmessage?.(
    new MessageEvent('message', { data: '{"type":"refetchEvaluation","etag":"x"}' }),
  );
  await expect.poll(() => client.status.model.killed).toBe(true);
  expect(await client.predict(ROW)).toMatchObject({ source: 'fallback', fallbackReason: 'killed' });
});

test('a kill reaches a page without a stream at its next acknowledgement', async () => {
  const { publisher, server } = await started();
  await using client = testClient(server, publisher);
  await client.ready;
  server.kill();
  await client.predict(ROW);
  await client.flush();
  await expect.poll(() => client.status.model.killed).toBe(true);
});

/** A second isolate of the server, which remembers the configuration in force now. */
async function lateIsolate(server: TestServer) {
  const version = server.ledger.flagsVersion;
  const asked = new Request('https://edgewise.test/ofrep/v1/evaluate/flags', { method: 'POST' });
  const remembered = await (await server.fetch(asked)).text();
  let answered = 0;
  const answer = (request: Request): Response | null => {
    const { pathname, searchParams } = new URL(request.url);
    if (!pathname.startsWith('/ofrep/')) return null;
    const told = searchParams.get('flagConfigEtag');
    // As the server does: told of another version, it looks past its memory.
    if (told !== null && Number(told) !== version) return null;
    answered += 1;
    return new Response(remembered, { headers: { ETag: '"late"' } });
  };
  return { version, answer, answered: () => answered };
}

test('an acknowledgement of an isolate with the configuration before a kill does not undo the kill', async () => {
  const { publisher, server } = await started();
  const streams = new TestStreams();
  await using client = testClient(server, publisher, {
    adapters: { eventSource: streams.connect },
  });
  await client.ready;
  const late = await lateIsolate(server);
  server.kill();
  const killedAt = server.ledger.flagsVersion;
  const data = JSON.stringify({ type: 'refetchEvaluation', etag: String(killedAt) });
  streams.open[0].onmessage?.(new MessageEvent('message', { data }));
  await expect.poll(() => client.status.model.killed).toBe(true);
  server.before = late.answer;
  server.ledger.flagsVersion = late.version;
  await client.predict(ROW);
  await client.flush();
  await client.setContext({ targetingKey: 'u-1' });
  expect([client.status.model.killed, client.status.flags.version]).toEqual([true, killedAt]);
  expect(late.answered()).toBe(0);
});

test('flags older than a version heard of are not taken, and asked for until they are new', async () => {
  const { publisher, server } = await started();
  await using client = testClient(server, publisher, { adapters: { rng: () => 0 } });
  await client.ready;
  const late = await lateIsolate(server);
  server.kill();
  let lateAnswers = 2;
  server.before = (request) => {
    if (!request.url.includes('/ofrep/') || lateAnswers === 0) return null;
    lateAnswers -= 1;
    return late.answer(new Request('https://edgewise.test/ofrep/', { method: 'POST' }));
  };
  await client.predict(ROW);
  await client.flush();
  await expect.poll(() => lateAnswers).toBe(1);
  expect(client.status.flags.version).toBe(late.version);
  await expect.poll(() => client.status.model.killed, { timeout: 3000 }).toBe(true);
});

test('a new session names the version of its copy and believes what the server then says', async () => {
  const { publisher, server } = await started();
  const localStorage = testLocalStorage();
  for (let i = 0; i < 5; i++) server.allowFallback(true);
  const first = testClient(server, publisher, { adapters: { localStorage } });
  await first.ready;
  const { version } = first.status.flags;
  await first[Symbol.asyncDispose]();
  const reset = new TestServer();
  const told: (string | null)[] = [];
  reset.before = ({ url }) => {
    if (url.includes('/ofrep/')) told.push(new URL(url).searchParams.get('flagConfigEtag'));
    return null;
  };
  await using second = testClient(reset, publisher, { adapters: { localStorage } });
  await expect.poll(() => second.status.flags.version).toBe(1);
  expect(told[0]).toBe(String(version));
});

test('with fallback-on-error off predict rejects with the reason', async () => {
  const { publisher, server } = await started();
  server.allowFallback(false);
  server.kill();
  await using client = testClient(server, publisher);
  await client.ready;
  const failure = await client.predict(ROW).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(PredictionError);
  expect(failure).toMatchObject({ reason: 'killed' });
});

test('offline, a page opened again predicts with the model and the flags it kept', async () => {
  const { publisher, server } = await started();
  const tables = emptyTables();
  const values = new Map<string, string>();
  const adapters = () => ({
    storage: async () => memoryStorage(tables),
    localStorage: testLocalStorage(values),
    page: new TestPage(),
  });
  vi.stubGlobal('localStorage', providerStorage(values));
  const first = testClient(server, publisher, { adapters: adapters() });
  await first.ready;
  await first[Symbol.asyncDispose]();
  server.isReachable = false;
  await using second = testClient(server, publisher, { adapters: adapters() });
  await second.ready;
  expect(await second.predict(ROW)).toMatchObject({
    value: 18,
    source: 'model',
    assignment: { variant: 'champion', reason: 'CACHED' },
  });
  expect(await second.flush()).toMatchObject({ waiting: 1, stopped: { reason: 'offline' } });
});

/** The OFREP provider keeps its copy in the global localStorage. */
const providerStorage = (values: Map<string, string>): Storage => ({
  ...testLocalStorage(values),
  length: 0,
  key: () => null,
  clear: () => undefined,
});

test('a page opened for the first time without a network answers, and has the model once there is one', async () => {
  const { publisher, server } = await started();
  server.isReachable = false;
  const page = new TestPage();
  await using client = testClient(server, publisher, { adapters: { page } });
  await client.ready;
  expect(client.status.flags.state).toBe('unavailable');
  expect(await client.predict(ROW)).toMatchObject({
    source: 'fallback',
    fallbackReason: 'model_loading',
    assignment: { reason: 'DEFAULT' },
  });
  server.isReachable = true;
  page.fire('online');
  await expect.poll(() => client.status.model.state).toBe('ready');
  expect(await client.predict(ROW)).toMatchObject({ source: 'model', value: 18 });
});

test('flags that nobody confirmed for longer than maxStaleMs assign nothing', async () => {
  const { publisher, server } = await started();
  let monotonicMs = 0;
  await using client = testClient(server, publisher, {
    maxStaleMs: 60_000,
    adapters: { monotonicMs: () => monotonicMs },
  });
  await client.ready;
  expect((await client.predict(ROW)).source).toBe('model');
  monotonicMs += 60_001;
  expect(await client.predict(ROW)).toMatchObject({
    fallbackReason: 'not_assigned',
    assignment: { reason: 'DEFAULT', ageMs: 60_001 },
  });
});

test('a clock that is set a year ahead takes no model away', async () => {
  const { publisher, server } = await started();
  let nowMs = 1e12;
  await using client = testClient(server, publisher, { adapters: { nowMs: () => nowMs } });
  await client.ready;
  nowMs += 365 * 24 * 3_600_000;
  expect((await client.predict(ROW)).source).toBe('model');
});

test('another targeting key gets its own assignment, and never the one before', async () => {
  const { publisher, server } = await started();
  await using client = testClient(server, publisher);
  await client.ready;
  server.isReachable = false;
  await client.setContext({ targetingKey: 'u-2' });
  expect(await client.predict(ROW)).toMatchObject({
    source: 'fallback',
    assignment: { reason: 'DEFAULT' },
  });
  server.isReachable = true;
  await client.setContext({ targetingKey: 'u-2', plan: 'pro' });
  expect(await client.predict(ROW)).toMatchObject({ source: 'model' });
});

test('a newly assigned version takes over without a restart', async () => {
  const { publisher, server } = await started();
  await using client = testClient(server, publisher);
  await client.ready;
  server.assign(await publisher.version('1.1.0', { ...MODEL, intercept: 100 }), null, 'challenger');
  await client.predict(ROW);
  await client.flush();
  await expect.poll(() => client.status.model.version).toBe('1.1.0');
  expect(await client.predict(ROW)).toMatchObject({
    value: 108,
    version: '1.1.0',
    assignment: { variant: 'challenger' },
  });
});

test('flags of the application are evaluated, and the first sight of a variant is an exposure', async () => {
  const { publisher, server } = await started();
  await using client = testClient(server, publisher);
  await client.ready;
  expect(client.flag('new-button', false)).toMatchObject({ value: true, variant: 'green' });
  expect(client.flag('new-button', false).value).toBe(true);
  expect(client.flag('no-such-flag', 'plain')).toMatchObject({
    value: 'plain',
    errorCode: 'FLAG_NOT_FOUND',
  });
  client.track('ordered', { items: 3 });
  await client.flush();
  expect(server.ledger.ofType('exposure')).toMatchObject([
    { flag: 'new-button', variant: 'green', version: '1.0.0' },
  ]);
  expect(server.ledger.ofType('incident')).toMatchObject([
    { kind: 'track', detail: '{"name":"ordered","items":3}' },
  ]);
});

test('reasons add up what each input moved, largest first, for model and fallback alike', async () => {
  const { publisher, server } = await started();
  await using client = testClient(server, publisher);
  await client.ready;
  const explained = await client.explain(await client.predict({ distance: 50, weather: 'rain' }));
  expect(explained).toEqual({
    status: 'explained',
    source: 'model',
    value: 110,
    reasons: [
      { input: 'distance', value: 50, baseline: 5, contribution: 90 },
      { input: 'weather', value: 'rain', baseline: 'sun', contribution: 0 },
    ],
  });
  server.kill();
  await client.setContext({ targetingKey: 'u-1' });
  expect(await client.explain(await client.predict(ROW))).toMatchObject({
    status: 'explained',
    source: 'fallback',
    value: 30,
  });
});

test('values out of range and unknown categories are answered with a warning, many rows in order', async () => {
  const { publisher, server } = await started();
  await using client = testClient(server, publisher);
  await client.ready;
  const rows = [
    { distance: 500, weather: 'sun' },
    { distance: null, weather: 'hail' },
  ];
  const predictions = [];
  for await (const prediction of client.predictMany(rows)) predictions.push(prediction);
  expect(predictions.map(({ value, warnings }) => [value, warnings.map((w) => w.input)])).toEqual([
    [1010, ['distance']],
    [20, ['weather']],
  ]);
  await client.flush();
  expect(server.ledger.ofType('prediction').map((event) => event.warnings)).toEqual([1, 1]);
});

test('an outcome that is no number is refused', async () => {
  const { publisher, server } = await started();
  await using client = testClient(server, publisher);
  const { id } = await client.predict(ROW);
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1e300, '3' as unknown as number])
    await expect(client.recordOutcome(id as string, value)).rejects.toThrow(TypeError);
});

test('a time of observation that is none is refused: the server would have to drop the outcome', async () => {
  const { publisher, server } = await started();
  await using client = testClient(server, publisher);
  const { id } = await client.predict(ROW);
  for (const observedAt of [Date.parse('soon'), -1, new Date() as unknown as number])
    await expect(client.recordOutcome(id as string, 3, { observedAt })).rejects.toThrow(
      'observedAt is Unix milliseconds',
    );
  await client.recordOutcome(id as string, 3, { observedAt: Date.now() });
});
