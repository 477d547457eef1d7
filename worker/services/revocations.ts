import type { RevocationList, Signed } from '../../shared/contracts/manifest.ts';
import { revocationList } from '../../shared/contracts/manifest.ts';
import { fromBase64url } from '../../shared/core/base64url.ts';
import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';
import type { RevocationRow } from '../store/revocations.ts';
import { insertRevocations, latestRevocations, signedRevocations } from '../store/revocations.ts';
import { changeConfiguration } from './change-configuration.ts';
import type { Failure } from './failure.ts';
import { parseWith } from './parse.ts';
import type { Scope } from './scope.ts';
import { verifyTrusted } from './verify-signed.ts';

type Revocation = RevocationList['revoked'][number];
type Reader = Pick<Scope, 'env' | 'workspace'>;

/** The publisher's signed list, or null while nothing was ever revoked. */
export async function readRevocations(reader: Reader): Promise<Signed | null> {
  const row = await latestRevocations(reader.env.DB, reader.workspace);
  return row && signedRevocations(row);
}

/** Why nobody may run this version, or null. */
export async function findRevocation(
  reader: Reader,
  model: string,
  version: string,
): Promise<Revocation | null> {
  const revoked = await listRevoked(reader);
  return revoked.find((entry) => entry.model === model && entry.version === version) ?? null;
}

export async function listRevoked(reader: Reader): Promise<Revocation[]> {
  const row = await latestRevocations(reader.env.DB, reader.workspace);
  return row ? revokedOf(row) : [];
}

/**
 * Takes the next list: signed by the publisher, a higher serial, nothing taken off it. What it
 * revokes and is being served is withdrawn by the caller: see `withdrawRevoked`.
 */
export async function replaceRevocations(
  scope: Scope,
  signed: Signed,
): Promise<Result<{ serial: number }, Failure>> {
  const verified = await verifyTrusted(scope, signed, ['publisher']);
  if (!verified.ok) return verified;
  const list = parseWith(revocationList, verified.value, 'The revocation list');
  if (!list.ok) return list;
  const latest = await latestRevocations(scope.env.DB, scope.workspace);
  if (latest?.payload === signed.payload) return ok({ serial: latest.serial });
  return write(scope, signed, list.value);
}

function refuse(next: RevocationList, latest: RevocationRow): Failure | null {
  if (next.serial <= latest.serial)
    return { reason: 'stale_serial', serial: next.serial, latest: latest.serial };
  const kept = new Set(next.revoked.map((entry) => `${entry.model}@${entry.version}`));
  const dropped = revokedOf(latest).find((entry) => !kept.has(`${entry.model}@${entry.version}`));
  if (!dropped) return null;
  return { reason: 'revocation_dropped', model: dropped.model, version: dropped.version };
}

function write(
  scope: Scope,
  signed: Signed,
  list: RevocationList,
): Promise<Result<{ serial: number }, Failure>> {
  const row = {
    serial: list.serial,
    payload: signed.payload,
    signature: signed.signature,
    key_id: signed.keyId,
    createdAt: new Date(scope.nowMs).toISOString(),
  };
  return changeConfiguration(scope, async (current) => {
    const latest = await latestRevocations(scope.env.DB, scope.workspace);
    const refused = latest && refuse(list, latest);
    if (refused) return fail(refused);
    return ok({
      next: { ...current, revocationSerial: list.serial },
      statements: [insertRevocations(scope.env.DB, scope.workspace, row)],
      audit: {
        action: 'revocations.replace',
        subject: `serial ${list.serial}`,
        detail: list.revoked.map((entry) => `${entry.model}@${entry.version}`).join(', '),
      },
      value: { serial: list.serial },
    });
  });
}

function revokedOf(row: RevocationRow): Revocation[] {
  const bytes = fromBase64url(row.payload) ?? new Uint8Array();
  return (JSON.parse(new TextDecoder().decode(bytes)) as RevocationList).revoked;
}
