import * as v from 'valibot';
import {
  type RevocationList,
  revocationList,
  type Signed,
} from '../../shared/contracts/manifest.ts';
import { verifySigned, webCrypto } from '../../shared/contracts/verify.ts';
import { ok, type Result } from '../../shared/core/result.ts';
import { callApi } from '../api.ts';
import { reporting } from '../command.ts';
import { findRemote, type Remote, type RemoteFlags } from '../credentials.ts';
import { type CliFailure, failed } from '../failure.ts';
import { readSigningKey, type StoredKey, signBytes } from '../signing-key.ts';
import { stateFolderOf } from '../state-folder.ts';

type Flags = RemoteFlags & { json: boolean; version: string; why: string };

/** Adds a version to the publisher's signed list of versions that nobody may run, for ever. */
export const revoke = reporting<Flags, [string]>(async ({ context, flags }, model) => {
  const remote = await findRemote(context, flags);
  if (!remote.ok) return remote;
  const key = await readSigningKey(stateFolderOf(context).publisherKey);
  if (!key.ok) return key;
  const current = await currentList(remote.value, key.value);
  if (!current.ok) return current;
  const entry = { model, version: flags.version, why: flags.why };
  const next = withEntry(current.value, entry, new Date());
  if (!next) {
    return ok({
      json: { ...entry, serial: current.value?.serial, alreadyRevoked: true },
      sentences: [`${model} ${flags.version} was revoked before.`],
    });
  }
  const bytes = new TextEncoder().encode(JSON.stringify(next));
  const put = await callApi<{ serial: number }>(remote.value, {
    method: 'PUT',
    path: '/v1/revocations',
    holds: ['serial'],
    json: await signBytes(bytes, key.value),
  });
  if (!put.ok) return put;
  return ok({
    json: { ...entry, serial: next.serial, alreadyRevoked: false },
    sentences: [
      `${model} ${flags.version} is revoked (list ${next.serial}): clients refuse it as soon as they see the list.`,
    ],
  });
});

/** The list after this entry, or null when the version is on it already. */
export function withEntry(
  list: RevocationList | null,
  entry: RevocationList['revoked'][number],
  now: Date,
): RevocationList | null {
  const revoked = list?.revoked ?? [];
  if (revoked.some((old) => old.model === entry.model && old.version === entry.version)) {
    return null;
  }
  return {
    schemaVersion: 1,
    serial: (list?.serial ?? 0) + 1,
    issuedAt: now.toISOString(),
    revoked: [...revoked, entry],
  };
}

/** The list in force, which only its own publisher may extend; null when there is none yet. */
async function currentList(
  remote: Remote,
  key: StoredKey,
): Promise<Result<RevocationList | null, CliFailure>> {
  const answer = await callApi<Signed | null>(remote, { method: 'GET', path: '/v1/revocations' });
  if (!answer.ok) return answer.error.status === 404 ? ok(null) : answer;
  const signed = answer.value;
  if (!signed) return ok(null);
  const bytes = await verifySigned(signed, [key.publicKey], webCrypto(crypto.subtle));
  if (!bytes.ok) {
    return failed(
      'key',
      `The list in force is signed by ${signed.keyId}, yours is ${key.keyId}: revoke with that key.`,
    );
  }
  const text = new TextDecoder().decode(bytes.value);
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), revocationList), text);
  return parsed.success
    ? ok(parsed.output)
    : failed('unexpected_answer', 'The list in force is signed by your key but not a list.');
}
