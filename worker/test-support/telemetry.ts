import { runDurableObjectAlarm } from 'cloudflare:test';
import type { ModelSummary } from '../../shared/contracts/registry.ts';
import { telemetryObject } from '../services/telemetry-object.ts';
import type { TestWorkspace } from './workspace.ts';
import { json, testEnv } from './workspace.ts';

export const objectOf = (workspace: TestWorkspace, model = 'parcel-time') =>
  telemetryObject(testEnv, { workspace: workspace.id, model });

/** Folds what was appended, as the alarm does, and answers the published summary. */
export async function foldNow(
  workspace: TestWorkspace,
  model = 'parcel-time',
): Promise<ModelSummary> {
  const object = objectOf(workspace, model);
  await runDurableObjectAlarm(object);
  await object.tick();
  return json(workspace.call('GET', `/v1/models/${model}/summary`));
}
