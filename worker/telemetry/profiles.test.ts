import { expect, test } from 'vitest';
import type { ProfilesView } from '../../shared/contracts/registry.ts';
import { foldNow } from '../test-support/telemetry.ts';
import { servingWorkspace, traffic } from '../test-support/traffic.ts';
import { json } from '../test-support/workspace.ts';

const PROFILES = '/v1/models/parcel-time/profiles';

test('profiles of a window are the traffic of each version, in the bins of its reference', async () => {
  const workspace = await servingWorkspace();
  await traffic(workspace, { version: '1.0.0', n: 40 });
  await traffic(workspace, { version: '1.0.0', n: 20 });
  await traffic(workspace, { version: '1.1.0', n: 5 });
  await foldNow(workspace);
  const view = await json<ProfilesView>(workspace.call('GET', `${PROFILES}?window=2h`));
  expect(view.windowMs).toBe(7_200_000);
  expect(Date.parse(view.oldest ?? '')).toBeGreaterThan(Date.now() - 3_600_000);
  expect(view.versions.map(({ version }) => version)).toEqual(['1.0.0', '1.1.0']);
  const [{ profile, reference }] = view.versions;
  expect(profile.predictions).toEqual({ model: 60, fallback: 0 });
  expect(profile.outcomes.model.n).toBe(60);
  expect(profile.inputs['distance'].counts).toHaveLength(
    reference?.inputs['distance'].counts.length ?? 0,
  );
});

test('no traffic is no version; a window that is none, and a model that is none, are said', async () => {
  const workspace = await servingWorkspace();
  const empty = await json<ProfilesView>(workspace.call('GET', PROFILES));
  expect(empty).toMatchObject({ windowMs: 2_592_000_000, oldest: null, versions: [] });
  expect((await workspace.call('GET', `${PROFILES}?window=soon`)).status).toBe(422);
  expect((await workspace.call('GET', '/v1/models/none/profiles')).status).toBe(404);
});
