import type { ModelSettingsRequest, ModelView } from '../../shared/contracts/registry.ts';
import { ok, type Result } from '../../shared/core/result.ts';
import { callApi } from '../api.ts';
import { reporting } from '../command.ts';
import type { CliContext } from '../context.ts';
import { findRemote, type RemoteFlags } from '../credentials.ts';
import type { CliFailure } from '../failure.ts';

type KillFlags = RemoteFlags & { json: boolean; off: boolean };
type TrafficFlags = RemoteFlags & { json: boolean; percentage: number };

/** The kill switch: everyone is answered by the fallback, until `--off`. */
export const kill = reporting<KillFlags, [string]>(async ({ context, flags }, model) => {
  const view = await change({ context, flags, model }, { mlEnabled: flags.off });
  if (!view.ok) return view;
  const sentence = view.value.mlEnabled
    ? `${model} answers with its models again.`
    : `${model} is killed: every browser answers by the fallback as soon as it hears of it.`;
  return ok({ json: view.value, sentences: [sentence] });
});

/** The share of targeting keys that may get a model at all, in per cent. */
export const traffic = reporting<TrafficFlags, [string]>(async ({ context, flags }, model) => {
  const view = await change({ context, flags, model }, { trafficPercentage: flags.percentage });
  if (!view.ok) return view;
  return ok({
    json: view.value,
    sentences: [`${view.value.trafficPercentage} % of users may get a model of ${model}.`],
  });
});

async function change(
  target: { context: CliContext; flags: RemoteFlags; model: string },
  settings: ModelSettingsRequest,
): Promise<Result<ModelView, CliFailure>> {
  const remote = await findRemote(target.context, target.flags);
  if (!remote.ok) return remote;
  return callApi<ModelView>(remote.value, {
    method: 'PATCH',
    path: `/v1/models/${target.model}`,
    json: settings,
    holds: ['mlEnabled', 'trafficPercentage'],
  });
}
