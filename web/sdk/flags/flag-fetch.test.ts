import { expect, test } from 'vitest';
import { testLocalStorage } from '../test-support/test-client.ts';
import { createFlagFetch } from './flag-fetch.ts';

const URL_OF_FLAGS = 'https://edgewise.test/ofrep/v1/evaluate/flags';
const request = () => new Request(URL_OF_FLAGS, { method: 'POST', body: '{}' });

function flagFetch(answer: () => Response, values = new Map<string, string>()) {
  let nowMs = 1000;
  let monotonicMs = 0;
  let asked = 0;
  const flags = createFlagFetch({
    fetch: async () => {
      asked += 1;
      return answer();
    },
    nowMs: () => nowMs,
    monotonicMs: () => monotonicMs,
    localStorage: testLocalStorage(values),
    key: 'flags',
    accepts: (version) => version >= 5,
    onConfirmed: () => undefined,
  });
  const pass = (ms: number, clockMs = ms) => {
    monotonicMs += ms;
    nowMs += clockMs;
  };
  return { flags, pass, asked: () => asked };
}

const bulk = (eventStreams: unknown) => () => Response.json({ flags: [], eventStreams });

test.each([
  ['an address', [{ type: 'sse', url: 'https://other.test/s?t=1' }], 'https://other.test/s?t=1'],
  [
    'an endpoint of its own origin',
    [{ type: 'sse', endpoint: { origin: 'https://other.test', requestUri: '/s' } }],
    'https://other.test/s',
  ],
  [
    'an endpoint of the answering server',
    [{ type: 'sse', endpoint: { requestUri: '/s' } }],
    'https://edgewise.test/s',
  ],
  ['only a stream of an unknown type', [{ type: 'carrier-pigeon', url: 'x:y' }], null],
  ['nothing', undefined, null],
])('the stream announced by %s is found', async (_, eventStreams, expected) => {
  const { flags } = flagFetch(bulk(eventStreams));
  await flags.fetch(request());
  expect(flags.last()).toEqual({ confirmedAt: 1000, streamUrl: expected, version: null });
});

test('a 304 confirms the flags and keeps the stream, an error confirms nothing', async () => {
  let answer = bulk([{ type: 'sse', url: 'https://edgewise.test/s' }]);
  const { flags, pass } = flagFetch(() => answer());
  await flags.fetch(request());
  pass(500);
  answer = () => new Response(null, { status: 304 });
  await flags.fetch(request());
  expect(flags.last()).toMatchObject({ confirmedAt: 1500, streamUrl: 'https://edgewise.test/s' });
  pass(500);
  answer = () => new Response('busy', { status: 503 });
  await flags.fetch(request());
  expect([flags.confirmations(), flags.ageMs()]).toEqual([2, 500]);
});

test.each(['<html>Sign in to the hotel network</html>', '', 'null', '{}', '[]', '{"flags":"on"}'])(
  'a 200 that holds no flags confirms nothing and leaves the stream as it was: %s',
  async (body) => {
    let answer = bulk([{ type: 'sse', url: 'https://edgewise.test/s' }]);
    const { flags, pass } = flagFetch(() => answer());
    await flags.fetch(request());
    pass(500);
    answer = () => new Response(body, { status: 200 });
    expect(await (await flags.fetch(request())).text()).toBe(body);
    expect([flags.confirmations(), flags.ageMs()]).toEqual([1, 500]);
    expect(flags.last()?.streamUrl).toBe('https://edgewise.test/s');
  },
);

test('an announced address that is none is passed over, and the flags still count', async () => {
  for (const streams of [[null], 'x', [{ type: 'sse', url: 'http://' }]]) {
    const { flags } = flagFetch(bulk(streams));
    await flags.fetch(request());
    expect(flags.last()).toEqual({ confirmedAt: 1000, streamUrl: null, version: null });
  }
});

test('an answer of a version that is not to be taken is no answer, a 304 to it neither', async () => {
  let answer = () => Response.json({ flags: [], metadata: { configVersion: 4 } });
  const values = new Map<string, string>();
  const { flags } = flagFetch(() => answer(), values);
  await expect(flags.fetch(request())).rejects.toThrow('version 4');
  expect([flags.last(), flags.confirmations(), values.size]).toEqual([null, 0, 0]);
  answer = () => Response.json({ flags: [], metadata: { configVersion: 5 } });
  await flags.fetch(request());
  expect(flags.last()).toMatchObject({ version: 5 });
  values.set('flags', '{"confirmedAt":1,"version":4}');
  const later = flagFetch(() => new Response(null, { status: 304 }), values).flags;
  await expect(later.fetch(request())).rejects.toThrow('served first');
  await expect(later.fetch(request())).rejects.toThrow('version 4');
});

test('with a confirmed copy the first request fails without a network, and the next one is a true one', async () => {
  const values = new Map<string, string>();
  await flagFetch(bulk(undefined), values).flags.fetch(request());
  const { flags, asked } = flagFetch(bulk(undefined), values);
  await expect(flags.fetch(request())).rejects.toThrow('served first');
  expect(asked()).toBe(0);
  expect((await flags.fetch(request())).status).toBe(200);
});

test('the age within a session does not follow the clock', async () => {
  const { flags, pass } = flagFetch(bulk(undefined));
  await flags.fetch(request());
  pass(10, 365 * 24 * 3_600_000);
  expect(flags.ageMs()).toBe(10);
});

test('what is not our own confirmation is as good as none', async () => {
  for (const text of ['nonsense', '{}', '{"confirmedAt":"yesterday"}']) {
    const { flags } = flagFetch(bulk(undefined), new Map([['flags', text]]));
    expect([flags.last(), flags.ageMs()]).toEqual([null, null]);
  }
});
