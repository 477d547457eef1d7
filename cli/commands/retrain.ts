import type { RunView } from '../../shared/contracts/registry.ts';
import { ok } from '../../shared/core/result.ts';
import { callApi } from '../api.ts';
import { reporting } from '../command.ts';
import { findRemote, type RemoteFlags } from '../credentials.ts';

type Flags = RemoteFlags & { json: boolean };

/** Starts a retraining now, on the labelled predictions that came home. */
export const retrain = reporting<Flags, [string]>(async ({ context, flags }, model) => {
  const remote = await findRemote(context, flags);
  if (!remote.ok) return remote;
  const run = await callApi<RunView>(remote.value, {
    method: 'POST',
    path: `/v1/models/${model}/runs`,
    json: {},
    holds: ['id', 'status'],
  });
  if (!run.ok) return run;
  const { id, status, detail } = run.value;
  return ok({
    json: run.value,
    sentences: [`Run ${id} of ${model}: ${status}${detail ? ` (${detail})` : ''}`],
  });
});
