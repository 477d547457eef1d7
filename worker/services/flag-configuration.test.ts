import { expect, test } from 'vitest';
import type { Platform } from '../env.ts';
import { insertConfiguration, latestConfiguration } from '../store/flag-configurations.ts';
import { createWorkspace, testEnv } from '../test-support/workspace.ts';
import { readConfiguration, refreshConfiguration } from './flag-configuration.ts';

/** The real database, whose answers are on their way until `arrive` is called. */
function slowDatabase(): { env: Platform; read: Promise<void>; arrive: () => void } {
  const read = Promise.withResolvers<void>();
  const arrival = Promise.withResolvers<void>();
  const prepare = (sql: string) => ({
    bind: (...values: unknown[]) => ({
      async first() {
        const row = await testEnv.DB.prepare(sql)
          .bind(...values)
          .first();
        read.resolve();
        await arrival.promise;
        return row;
      },
    }),
  });
  const env = { ...testEnv, DB: { prepare } } as unknown as Platform;
  return { env, read: read.promise, arrive: arrival.resolve };
}

test('an old read that ends late does not take the place of a newer configuration', async () => {
  const { id } = await createWorkspace();
  const nowMs = Date.now();
  const slow = slowDatabase();
  const late = refreshConfiguration(slow.env, id, nowMs);
  await slow.read;
  const current = await latestConfiguration(testEnv.DB, id);
  const version = current.version + 1;
  const next = { configuration: { ...current, version }, createdAt: new Date(nowMs).toISOString() };
  await insertConfiguration(testEnv.DB, id, next).run();
  await readConfiguration(testEnv, id, { nowMs, knownVersion: version });
  slow.arrive();
  await late;
  expect((await readConfiguration(testEnv, id, { nowMs })).version).toBe(version);
});
