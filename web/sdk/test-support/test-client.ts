import type { ClientUseCase } from '../../../shared/use-case/define-use-case.ts';
import type { Adapters, EventSourceLike, PageEvents } from '../adapters.ts';
import { createClient } from '../create-client.ts';
import { spawnInProcessSession } from '../inference/in-process-session.ts';
import { memoryStorage } from '../storage/memory.ts';
import type { ClientOptions } from '../types.ts';
import { type Publisher, TEST_CLASSES, TEST_INPUTS } from './publisher.ts';
import { ENDPOINT, type TestServer } from './test-server.ts';

export const TEST_USE_CASE: ClientUseCase = {
  id: 'test-case',
  title: 'Test case',
  task: { type: 'regression', unit: 'minutes' },
  inputs: TEST_INPUTS,
  target: { name: 'duration', label: 'Duration', unit: 'minutes', range: [0, 600] },
  logging: { features: true },
  fallback: () => 30,
};

/** Whether it will be late, of the same inputs; the rule of thumb says seldom. */
export const BINARY_USE_CASE: ClientUseCase = {
  ...TEST_USE_CASE,
  task: { type: 'binary', classes: TEST_CLASSES, threshold: 0.4 },
  target: { name: 'late', label: 'Late', unit: '', range: [0, 1] },
  fallback: () => 0.2,
};

export const ROW = { distance: 4, weather: 'rain' };

/** A page whose events a test fires. */
export class TestPage implements PageEvents {
  readonly #listeners = new Map<string, Set<() => void>>();

  on(event: 'hidden' | 'visible' | 'online', listener: () => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  fire(event: 'hidden' | 'visible' | 'online'): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) listener();
  }
}

/** Streams that a test opens, feeds and breaks. */
export class TestStreams {
  readonly open: (EventSourceLike & { url: string })[] = [];

  readonly connect = (url: string): EventSourceLike => {
    const source = {
      url,
      onopen: null,
      onmessage: null,
      onerror: null,
      close: () => {
        const at = this.open.indexOf(source);
        if (at >= 0) this.open.splice(at, 1);
      },
    } as EventSourceLike & { url: string };
    this.open.push(source);
    return source;
  };
}

/** localStorage without a browser. */
export function testLocalStorage(values = new Map<string, string>()) {
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  };
}

export function testAdapters(server: TestServer, adapters: Partial<Adapters> = {}): Adapters {
  return {
    storage: async () => memoryStorage(),
    inference: spawnInProcessSession,
    locks: { withLock: (_name, _timeoutMs, work) => work() },
    eventSource: null,
    fetch: server.fetch,
    nowMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    rng: Math.random,
    localStorage: testLocalStorage(),
    page: new TestPage(),
    ...adapters,
  };
}

export function testClient(
  server: TestServer,
  publisher: Publisher,
  { adapters, ...options }: Partial<ClientOptions> = {},
) {
  return createClient({
    endpoint: ENDPOINT,
    publishableKey: 'pk_test',
    useCase: TEST_USE_CASE,
    trustedKeys: { publisher: [publisher.publicKey] },
    context: { targetingKey: 'u-1' },
    adapters: testAdapters(server, adapters),
    ...options,
  });
}
