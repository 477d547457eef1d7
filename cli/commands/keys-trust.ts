import { ok } from '../../shared/core/result.ts';
import { callApi } from '../api.ts';
import { reporting } from '../command.ts';
import { findRemote, type RemoteFlags } from '../credentials.ts';
import { failed } from '../failure.ts';
import { stateFolderOf } from '../state-folder.ts';
import { readTrustedKeys } from '../trusted-keys.ts';

type Flags = RemoteFlags & { json: boolean };

type TrustedKey = { keyId: string; purpose: 'publisher' | 'retraining'; publicKey: string };

/** Registers the keys of trusted-keys.json with the workspace. Keys it knows already stay. */
export const keysTrust = reporting<Flags, []>(async ({ context, flags }) => {
  const remote = await findRemote(context, flags);
  if (!remote.ok) return remote;
  const path = stateFolderOf(context).trustedKeys;
  const keys = await readTrustedKeys(path);
  if (!keys.ok) return keys;
  const trusted: TrustedKey[] = [];
  for (const purpose of ['publisher', 'retraining'] as const) {
    for (const publicKey of keys.value[purpose]) {
      const answer = await callApi<TrustedKey>(remote.value, {
        method: 'PUT',
        path: '/v1/trusted-keys',
        json: { purpose, publicKey },
        holds: ['keyId'],
      });
      if (!answer.ok) return answer;
      trusted.push(answer.value);
    }
  }
  if (trusted.length === 0) return failed('key', `${path} names no key. First: edgewise keys new`);
  return ok({
    json: { trusted },
    sentences: trusted.map(({ keyId, purpose }) => `Trusted for ${purpose}: ${keyId}.`),
  });
});
