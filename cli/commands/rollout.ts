import type { RolloutRequest, RolloutView } from '../../shared/contracts/registry.ts';
import { ok } from '../../shared/core/result.ts';
import { callApi } from '../api.ts';
import { reporting } from '../command.ts';
import { findRemote, type RemoteFlags } from '../credentials.ts';
import { describeRollout } from '../describe/rollout.ts';

type Flags = RemoteFlags & { json: boolean; version: string; strategy: 'canary' | 'all' };

/** Starts to give a published version to users: by the declaration's steps, or to all at once. */
export const rollout = reporting<Flags, [string]>(async ({ context, flags }, model) => {
  const remote = await findRemote(context, flags);
  if (!remote.ok) return remote;
  const request: RolloutRequest = { version: flags.version, strategy: flags.strategy };
  const answer = await callApi<RolloutView>(remote.value, {
    method: 'POST',
    path: `/v1/models/${model}/rollouts`,
    json: request,
  });
  return answer.ok
    ? ok({ json: answer.value, sentences: [describeRollout(answer.value)] })
    : answer;
});
