import type { ModelSummary, ModelView, RolloutView } from '../../shared/contracts/registry.ts';
import { ok, type Result } from '../../shared/core/result.ts';
import { callApi } from '../api.ts';
import { reporting } from '../command.ts';
import { findRemote, type Remote, type RemoteFlags } from '../credentials.ts';
import { describeModel, describeModels, type ModelStatus } from '../describe/model.ts';
import type { CliFailure } from '../failure.ts';

type Flags = RemoteFlags & { json: boolean };

/** How every model stands, or everything about one. */
export const status = reporting<Flags, [string | undefined]>(async ({ context, flags }, model) => {
  const remote = await findRemote(context, flags);
  if (!remote.ok) return remote;
  const views = await modelViews(remote.value, model);
  if (!views.ok) return views;
  const models: ModelStatus[] = [];
  for (const view of views.value) {
    const whole = await readStatus(remote.value, view);
    if (!whole.ok) return whole;
    models.push(whole.value);
  }
  const sentences = model ? describeModel(models[0]) : describeModels(models);
  return ok({ json: model ? models[0] : { models }, sentences });
});

async function modelViews(
  remote: Remote,
  model: string | undefined,
): Promise<Result<ModelView[], CliFailure>> {
  if (model) {
    const view = await callApi<ModelView>(remote, {
      ...{ method: 'GET', path: `/v1/models/${model}` },
      holds: ['model', 'mlEnabled'],
    });
    return view.ok ? ok([view.value]) : view;
  }
  const list = await callApi<{ models: ModelView[] }>(remote, {
    method: 'GET',
    path: '/v1/models',
    holds: ['models'],
  });
  return list.ok ? ok(list.value.models) : list;
}

async function readStatus(
  remote: Remote,
  view: ModelView,
): Promise<Result<ModelStatus, CliFailure>> {
  const path = `/v1/models/${view.model}`;
  const [rollouts, summary] = await Promise.all([
    callApi<{ rollouts: RolloutView[] }>(remote, {
      ...{ method: 'GET', path: `${path}/rollouts` },
      holds: ['rollouts'],
    }),
    callApi<ModelSummary>(remote, {
      ...{ method: 'GET', path: `${path}/summary` },
      holds: ['versions'],
    }),
  ]);
  if (!rollouts.ok) return rollouts;
  if (!summary.ok) return summary;
  return ok({ model: view, rollout: rollouts.value.rollouts[0] ?? null, summary: summary.value });
}
