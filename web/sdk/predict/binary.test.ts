import { expect, expectTypeOf, test } from 'vitest';
import { createClient } from '../create-client.ts';
import { InputError } from '../errors.ts';
import { createPublisher, OWN_FILE, TEST_CLASSES } from '../test-support/publisher.ts';
import { BINARY_USE_CASE, ROW, testAdapters, testClient } from '../test-support/test-client.ts';
import { ENDPOINT, TestServer } from '../test-support/test-server.ts';

/** Log-odds: -2 + 0.5 km, and 0.5 more in rain. */
const MODEL = { intercept: -2, perKm: 0.5, inRain: 0.5, classifier: OWN_FILE };
const logistic = (score: number) => 1 / (1 + Math.exp(-score));

async function started(change: Partial<typeof BINARY_USE_CASE> = {}, model = MODEL) {
  const publisher = await createPublisher();
  const server = new TestServer();
  server.assign(await publisher.version('1.0.0', model));
  const useCase = { ...BINARY_USE_CASE, ...change };
  const client = testClient(server, publisher, { useCase });
  await client.ready;
  return { publisher, server, client, useCase };
}

test('a classifier answers a probability and the class that it stands for, and no interval', async () => {
  const { server, client: made } = await started();
  await using client = made;
  const late = await client.predict(ROW);
  expect(late).toMatchObject({ source: 'model', version: '1.0.0', label: 'late' });
  expect(late.value).toBeCloseTo(logistic(0.5), 6);
  expect(late).not.toHaveProperty('interval');
  const onTime = await client.predict({ distance: 2, weather: 'sun' });
  expect(onTime.label).toBe('on-time');
  expect(onTime.value).toBeCloseTo(logistic(-1), 6);
  expect(client.status.model).toMatchObject({ state: 'ready', intervalLevel: null });
  await client.flush();
  const [first] = server.ledger.ofType('prediction');
  expect(first.value).toBe(late.value);
  expect(first).not.toHaveProperty('interval');
  expect(first).not.toHaveProperty('label');
});

test('the class follows the threshold of the version that answers, and the fallback’s the declared one', async () => {
  const { client: made, server, publisher } = await started({ fallback: () => 0.5 });
  await using client = made;
  // 0.6225 of every version; the application was built with 0.4.
  expect(await client.predict(ROW)).toMatchObject({ label: 'late', threshold: 0.4 });
  const task = { type: 'binary', classes: TEST_CLASSES, threshold: 0.63 } as const;
  server.assign(await publisher.version('1.1.0', MODEL, { task }));
  await client.setContext({ targetingKey: 'u-1' });
  await expect
    .poll(() => client.predict(ROW))
    .toMatchObject({ version: '1.1.0', label: 'on-time', threshold: 0.63 });
  server.kill();
  await client.setContext({ targetingKey: 'u-2' });
  expect(await client.predict(ROW)).toMatchObject({
    ...{ source: 'fallback', fallbackReason: 'killed', value: 0.5, label: 'late', threshold: 0.4 },
  });
});

test('reasons are differences of probabilities', async () => {
  const { client: made } = await started();
  await using client = made;
  const explained = await client.explain(await client.predict(ROW));
  if (explained.status !== 'explained') throw new Error('No reasons');
  const parts = Object.fromEntries(explained.reasons.map((r) => [r.input, r.contribution]));
  expect(parts['distance']).toBeCloseTo(logistic(0.5) - logistic(1), 6);
  expect(parts['weather']).toBeCloseTo(logistic(0.5) - logistic(0), 6);
});

test('an outcome is told as 0 or 1 or as the value of a class, and travels as 0 or 1', async () => {
  const { server, client: made } = await started();
  await using client = made;
  for (const told of [1, 'late', 0, 'on-time']) {
    const { id } = await client.predict(ROW);
    await client.recordOutcome(id as string, told);
  }
  await client.flush();
  const outcomes = server.ledger.ofType('outcome');
  expect(outcomes.map(({ value }) => value)).toEqual([1, 1, 0, 0]);
  expect(outcomes[0].predicted).toBeCloseTo(logistic(0.5), 6);
});

test('an outcome of neither class is an InputError that names both, and nothing is recorded', async () => {
  const { server, client: made } = await started();
  await using client = made;
  const { id } = await client.predict(ROW);
  for (const told of ['Late', '1', 0.5, 2, Number.NaN, true, null, undefined]) {
    const telling = client.recordOutcome(id as string, told as number);
    await expect(telling).rejects.toThrow(InputError);
    await expect(telling).rejects.toThrow(/late: expected 0 or "on-time", or 1 or "late", found/);
  }
  await client.flush();
  expect(server.ledger.ofType('outcome')).toEqual([]);
});

test('a fallback that answers no probability has broken its promise', async () => {
  const publisher = await createPublisher();
  for (const answered of [-0.01, 1.01, Number.NaN]) {
    const useCase = { ...BINARY_USE_CASE, fallback: () => answered };
    await using client = testClient(new TestServer(), publisher, { useCase });
    await expect(client.predict(ROW)).rejects.toThrow('instead of a probability in [0, 1]');
  }
});

test('a version of another task, or of the classes the other way round, is refused', async () => {
  const { classifier: _, ...regression } = MODEL;
  const other = await started({}, regression as typeof MODEL);
  await using first = other.client;
  expect(first.status.model).toMatchObject({ state: 'failed', version: null });
  expect(first.status.model.detail).toMatch(/^other_task, expected binary .*, found regression$/);
  const [negative, positive] = TEST_CLASSES;
  const turned = { type: 'binary', classes: [positive, negative], threshold: 0.4 } as const;
  const reversed = await started({ task: { ...turned, classes: [positive, negative] } });
  await using second = reversed.client;
  expect(second.status.model.detail).toMatch(/^other_task/);
  expect(await second.predict(ROW)).toMatchObject({
    ...{ source: 'fallback', fallbackReason: 'integrity' },
  });
});

test('a graph of one output beyond [0, 1] has failed on that row', async () => {
  const publisher = await createPublisher();
  const server = new TestServer();
  const { manifest } = await publisher.version('0.0.0', MODEL);
  const { task, interval, metrics } = manifest;
  const shares = { intercept: 0, perKm: 0.1, inRain: 0 };
  server.assign(await publisher.version('1.0.0', shares, { task, interval, metrics }));
  await using client = testClient(server, publisher, { useCase: BINARY_USE_CASE });
  await client.ready;
  const inside = await client.predict({ distance: 9, weather: 'sun' });
  expect(inside).toMatchObject({ source: 'model', label: 'late' });
  const beyond = await client.predict({ distance: 11, weather: 'sun' });
  expect(beyond).toMatchObject({ source: 'fallback', fallbackReason: 'runtime', value: 0.2 });
});

test('a challenger in the shadow answers probabilities beside the champion’s', async () => {
  const { server, publisher, client: made } = await started();
  await using client = made;
  server.shadow(await publisher.version('2.0.0', { ...MODEL, intercept: -1 }));
  await client.setContext({ targetingKey: 'u-1' });
  await expect
    .poll(async () => {
      await client.predict(ROW);
      await client.flush();
      return server.ledger.ofType('shadow').length;
    })
    .toBeGreaterThan(0);
  const [shadow] = server.ledger.ofType('shadow');
  expect(shadow.champion).toBeCloseTo(logistic(0.5), 6);
  expect(shadow.value).toBeCloseTo(logistic(1.5), 6);
});

test('the declaration’s classes are the types of answers and outcomes', async () => {
  const publisher = await createPublisher();
  const task = {
    type: 'binary',
    classes: [
      { value: 'on-time', label: 'On time' },
      { value: 'late', label: 'Late' },
    ],
    threshold: 0.4,
  } as const;
  await using client = createClient({
    endpoint: ENDPOINT,
    publishableKey: 'pk_test',
    useCase: { ...BINARY_USE_CASE, inputTypes: undefined, taskType: task },
    trustedKeys: { publisher: [publisher.publicKey] },
    context: { targetingKey: 'u-1' },
    adapters: testAdapters(new TestServer()),
  });
  const { id, label, threshold } = await client.predict(ROW);
  expectTypeOf(threshold).toBeNumber();
  expectTypeOf(label).toEqualTypeOf<'on-time' | 'late'>();
  expectTypeOf(client.recordOutcome).parameter(1).toEqualTypeOf<0 | 1 | 'on-time' | 'late'>();
  // @ts-expect-error no class has this value
  await expect(client.recordOutcome(id as string, 'early')).rejects.toThrow(InputError);
  expect(label).toBe('on-time');
});
