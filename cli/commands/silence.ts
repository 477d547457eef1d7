import type { SilenceRequest, SilenceView } from '../../shared/contracts/registry.ts';
import { ok } from '../../shared/core/result.ts';
import { callApi } from '../api.ts';
import { reporting } from '../command.ts';
import { findRemote, type RemoteFlags } from '../credentials.ts';

export type SilenceFlags = RemoteFlags & {
  json: boolean;
  rule: string;
  /** Milliseconds. */
  for: number;
  why: string;
};

/** Leaves the alerts of a rule alone for a time; says what is silent then. */
export const silence = reporting<SilenceFlags, [string]>(async ({ context, flags }, model) => {
  const remote = await findRemote(context, flags);
  if (!remote.ok) return remote;
  const { rule, for: durationMs, why } = flags;
  const request: SilenceRequest = { rule, durationMs, why };
  const answer = await callApi<{ silences: SilenceView[] }>(remote.value, {
    method: 'POST',
    path: `/v1/models/${model}/silences`,
    json: request,
    holds: ['silences'],
  });
  if (!answer.ok) return answer;
  const sentences = answer.value.silences.map(describeSilence);
  return ok({
    json: answer.value,
    sentences: sentences.length > 0 ? sentences : [`No rule of ${model} is silenced.`],
  });
});

function describeSilence({ rule, until, by, why }: SilenceView): string {
  const named = rule === '*' ? 'Every rule' : rule;
  return `${named} is silenced until ${until} by ${by}${why ? `: ${why}` : ''}`;
}
