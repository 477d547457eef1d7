import { runInDurableObject } from 'cloudflare:test';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ProfilesView } from '../../shared/contracts/registry.ts';
import { DAY_MS, HOUR_MS } from '../../shared/core/time.ts';
import { mergeProfiles } from '../../shared/stats/profile/merge-profiles.ts';
import { addShadow } from '../../shared/stats/profile/shadow-profile.ts';
import {
  addOutcome,
  addPrediction,
  createProfile,
} from '../../shared/stats/profile/traffic-profile.ts';
import { prediction, sendEvents } from '../test-support/batch.ts';
import { foldNow, objectOf } from '../test-support/telemetry.ts';
import { servingWorkspace, shadow } from '../test-support/traffic.ts';
import { DECLARATION } from '../test-support/version.ts';
import type { TestWorkspace } from '../test-support/workspace.ts';
import { json, testEnv } from '../test-support/workspace.ts';
import { mergeEncoded } from './merge-encoded.ts';
import { decodeProfile, encodeProfile } from './profile-codec.ts';

const PROFILES = '/v1/models/parcel-time/profiles';

const profiles = fc
  .array(
    fc.record({
      value: fc.integer({ min: -50, max: 50 }),
      backend: fc.constantFrom('wasm' as const, 'webgpu' as const, undefined),
      group: fc.constantFrom('north', 'south', undefined),
      isShadow: fc.boolean(),
    }),
    { maxLength: 12 },
  )
  .map((rows) => {
    const profile = createProfile(null);
    for (const { value, backend, group, isShadow } of rows) {
      if (isShadow) addShadow(profile, shadow(1, { value, backend }), 3);
      else addPrediction(profile, prediction(1, { value, backend, latencyMs: value + 50 }));
      const outcome = { value, predicted: 1, source: 'model', group } as const;
      addOutcome(profile, outcome, { lower: -5, upper: 5 });
    }
    return profile;
  });

test('encoded profiles merge to what the profiles do', () => {
  fc.assert(
    fc.property(profiles, profiles, (a, b) => {
      const merged = mergeEncoded(encodeProfile(a), encodeProfile(b));
      expect(decodeProfile(merged, null)).toEqual(mergeProfiles(a, b));
    }),
  );
});

/** One prediction each so many days ago, at noon. */
async function agedTraffic(workspace: TestWorkspace, daysAgo: readonly number[]): Promise<void> {
  const events = daysAgo.map((days, i) => prediction(i + 1, { at: Date.now() - days * DAY_MS }));
  await sendEvents(workspace, events);
}

const rows = (workspace: TestWorkspace, table: string) =>
  runInDurableObject(
    objectOf(workspace),
    (_, { storage }) =>
      storage.sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).one().n,
  );
const profilesOf = (workspace: TestWorkspace, window: string) =>
  json<ProfilesView>(workspace.call('GET', `${PROFILES}?window=${window}`));
const countIn = async (workspace: TestWorkspace, window: string) =>
  (await profilesOf(workspace, window)).versions[0]?.profile.predictions.model ?? 0;

test('what is old is merged into hours and days, and every window still counts it once', async () => {
  const workspace = await servingWorkspace();
  await agedTraffic(workspace, [29, 29, 20, 5, 5, 0.5, 0]);
  await foldNow(workspace);
  expect(await rows(workspace, 'windows')).toBe(1);
  expect(await rows(workspace, 'coarse_windows')).toBe(4);
  expect(await countIn(workspace, '30d')).toBe(7);
  expect(await countIn(workspace, '22d')).toBe(5);
  expect(await countIn(workspace, '7d')).toBe(4);
  expect(await countIn(workspace, '1h')).toBe(1);
  const { window, oldest } = await profilesOf(workspace, '25d');
  const day = (ago: number) => Math.floor((Date.now() - ago * DAY_MS) / DAY_MS) * DAY_MS;
  expect(window).toMatchObject({
    kind: 'sliding',
    coveredFrom: new Date(day(20)).toISOString(),
  });
  expect(oldest).toBe(new Date(day(29)).toISOString());
});

test('what comes in late for an hour that was merged is merged into it', async () => {
  const workspace = await servingWorkspace();
  const at = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 2 * DAY_MS + HOUR_MS / 2;
  for (let i = 0; i < 3; i++) {
    await sendEvents(workspace, [prediction(1, { at })], { device: `late-device-${i}` });
    await foldNow(workspace);
  }
  expect(await rows(workspace, 'coarse_windows')).toBe(1);
  expect(await countIn(workspace, '7d')).toBe(3);
});

test('a tumbling window is the last whole one, and since-deploy begins when the version did', async () => {
  const workspace = await servingWorkspace();
  await agedTraffic(workspace, [2, 1, 0]);
  await foldNow(workspace);
  const { window, versions } = await profilesOf(workspace, 'tumbling:1d');
  expect(window.kind).toBe('tumbling');
  expect(Date.parse(window.to) % DAY_MS).toBe(0);
  expect(Date.parse(window.to) - Date.parse(window.from)).toBe(DAY_MS);
  expect(versions[0].profile.predictions.model).toBe(1);
  const since = await profilesOf(workspace, 'since-deploy');
  expect(since.window.kind).toBe('since-deploy');
  expect(Date.now() - Date.parse(since.window.from)).toBeLessThan(60_000);
  expect((await workspace.call('GET', `${PROFILES}?window=tumbling:soon`)).status).toBe(422);
});

test('a monitor that looks back to its deployment counts what is older than its sliding window', async () => {
  const drift = { ...DECLARATION.monitors.drift, window: 'since-deploy' } as const;
  const monitors = { ...DECLARATION.monitors, drift };
  const workspace = await servingWorkspace({ monitors });
  await testEnv.DB.prepare('UPDATE rollouts SET ended_at = ? WHERE workspace = ?')
    .bind(new Date(Date.now() - 3 * DAY_MS).toISOString(), workspace.id)
    .run();
  await agedTraffic(workspace, [5, 2, 1, 0]);
  const { versions, windowMs } = await foldNow(workspace);
  expect(versions).toMatchObject([{ version: '1.0.0', predictions: 3 }]);
  expect(windowMs).toBe(3 * DAY_MS + HOUR_MS);
});
