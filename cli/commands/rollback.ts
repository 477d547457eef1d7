import type { RolloutView } from '../../shared/contracts/registry.ts';
import { ok } from '../../shared/core/result.ts';
import { callApi } from '../api.ts';
import { reporting } from '../command.ts';
import { findRemote, type RemoteFlags } from '../credentials.ts';
import { describeRollout } from '../describe/rollout.ts';

type Flags = RemoteFlags & { json: boolean };

/** Ends the running rollout, or returns to the champion before this one. */
export const rollback = deciding('rollback');

/** Makes the challenger of the running rollout champion now, whatever its gates say. */
export const promote = deciding('promote');

function deciding(how: 'rollback' | 'promote') {
  return reporting<Flags, [string]>(async ({ context, flags }, model) => {
    const remote = await findRemote(context, flags);
    if (!remote.ok) return remote;
    const answer = await callApi<RolloutView>(remote.value, {
      method: 'POST',
      path: `/v1/models/${model}/${how}`,
      json: {},
      holds: ['status', 'steps', 'gates'],
    });
    return answer.ok
      ? ok({ json: answer.value, sentences: [describeRollout(answer.value)] })
      : answer;
  });
}
