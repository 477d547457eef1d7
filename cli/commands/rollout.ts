import type { Promotion, RolloutStrategy } from '../../shared/contracts/declaration.ts';
import type { RolloutRequest, RolloutView } from '../../shared/contracts/registry.ts';
import { ok } from '../../shared/core/result.ts';
import { callApi } from '../api.ts';
import { reporting } from '../command.ts';
import { findRemote, type RemoteFlags } from '../credentials.ts';
import { describeRollout } from '../describe/rollout.ts';

export type RolloutFlags = RemoteFlags & {
  json: boolean;
  version: string;
  strategy: RolloutStrategy;
  promotion?: Promotion;
};

/** Starts to give a published version to users, by the plan that the declaration makes of a strategy. */
export const rollout = reporting<RolloutFlags, [string]>(async ({ context, flags }, model) => {
  const remote = await findRemote(context, flags);
  if (!remote.ok) return remote;
  const { version, strategy, promotion } = flags;
  const request: RolloutRequest = { version, strategy, ...(promotion ? { promotion } : {}) };
  const answer = await callApi<RolloutView>(remote.value, {
    method: 'POST',
    path: `/v1/models/${model}/rollouts`,
    json: request,
    holds: ['status', 'steps', 'gates'],
  });
  return answer.ok
    ? ok({ json: answer.value, sentences: [describeRollout(answer.value)] })
    : answer;
});
