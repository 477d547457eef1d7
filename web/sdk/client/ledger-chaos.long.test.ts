import { expect, test } from 'vitest';
import { createRng, type Rng } from '../../../shared/core/rng.ts';
import type { Transaction } from '../adapters.ts';
import type { EventBody } from '../outbox/records.ts';
import { memoryStorage } from '../storage/memory.ts';
import { Mortal, mortalStorage } from '../test-support/mortal-storage.ts';
import { testAdapters, testLocalStorage } from '../test-support/test-client.ts';
import { ENDPOINT, TestServer } from '../test-support/test-server.ts';
import { Ledger } from './ledger.ts';

const MODEL = 'test-case';
const LIVES = 12;
const TABS = 2;

const prediction: EventBody = {
  type: 'prediction',
  at: 1,
  source: 'model',
  version: '1.0.0',
  assigned: '1.0.0',
  variant: 'champion',
  value: 7,
  latencyMs: 1,
};
const remembered = {
  predicted: 7,
  version: '1.0.0',
  assigned: '1.0.0',
  source: 'model',
} as const;

/** One device over many lives: its disk and what is known of it from outside. */
class Device {
  readonly server = new TestServer();
  readonly disk = memoryStorage();
  readonly localStorage = testLocalStorage();
  /** Ids seen on the disk after some transaction: these were committed. */
  readonly committed = new Set<string>();
  /** Ids of predictions whose outcome's promise resolved. */
  readonly promised: string[] = [];

  readonly note = async (tx: Transaction): Promise<void> => {
    const found = await tx.entries('events', { from: [MODEL], to: [`${MODEL}\uffff`] });
    for (const { key, value } of found) {
      const [, device, writer, from] = key;
      for (let seq = from as number; seq <= (value as { to: number }).to; seq++)
        this.committed.add(`${device}.${writer}:${seq}`);
    }
  };

  open(mortal: Mortal, rng: Rng): Ledger {
    const storage = mortalStorage(this.disk, mortal, async (tx) => {
      await this.note(tx).catch(() => undefined);
    });
    return new Ledger({
      model: MODEL,
      endpoint: ENDPOINT,
      publishableKey: 'pk_test',
      adapters: testAdapters(this.server, {
        fetch: mortal.fetch(this.server.fetch),
        localStorage: this.localStorage,
        rng,
      }),
      opened: Promise.resolve({ storage, failure: null }),
      consent: 'granted',
      onFlagsVersion: () => undefined,
      onChange: () => undefined,
    });
  }
}

/** Predicts, records outcomes and flushes until it dies or has done enough. */
async function live(device: Device, mortal: Mortal, rng: Rng): Promise<void> {
  const ledger = device.open(mortal, rng);
  const outbox = await ledger.opening();
  if (!outbox) throw new Error('no outbox');
  for (let i = 0; i < 15; i++) {
    const ids = Array.from({ length: 1 + Math.floor(rng() * 6) }, () =>
      ledger.record(outbox, prediction, remembered),
    );
    if (rng() < 0.5)
      await ledger.recordOutcome(ids[0], 9, 1).then(() => device.promised.push(ids[0]));
    if (rng() < 0.3) await ledger.flush();
  }
  await ledger.dispose();
}

const seeds = Array.from({ length: 25 }, (_, seed) => seed + 1);

test.each(seeds)(
  'whenever a device is killed, nothing committed is lost or doubled, seed %i',
  async (seed) => {
    const rng = createRng(seed);
    const device = new Device();
    device.server.before = () => {
      if (rng() < 0.15) throw new TypeError('connection refused');
      return rng() < 0.1 ? new Response('busy', { status: 503 }) : null;
    };
    device.server.after = () => (rng() < 0.15 ? new Response('lost', { status: 502 }) : null);
    for (let i = 0; i < LIVES; i++) {
      const tabs = Array.from({ length: TABS }, () => {
        const mortal = new Mortal(() => rng() < 0.01);
        return Promise.race([live(device, mortal, rng), mortal.death]);
      });
      await Promise.all(tabs);
    }
    device.server.before = () => null;
    device.server.after = () => null;
    const last = device.open(new Mortal(() => false), rng);
    await expect.poll(async () => (await last.flush()).waiting).toBe(0);
    await last.dispose();

    const received = new Set(device.server.ledger.events.keys());
    expect(device.committed.size).toBeGreaterThan(100);
    expect([...device.committed].filter((id) => !received.has(id))).toEqual([]);
    const outcomes = device.server.ledger.ofType('outcome').map(({ prediction: id }) => id);
    expect(device.promised.filter((id) => !outcomes.includes(id))).toEqual([]);
    expect(new Set(outcomes).size).toBe(outcomes.length);
  },
);
