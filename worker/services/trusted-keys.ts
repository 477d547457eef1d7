import * as v from 'valibot';
import { keyIdOf, webCrypto } from '../../shared/contracts/verify.ts';
import { fromBase64url } from '../../shared/core/base64url.ts';
import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';
import { commit } from '../store/commit.ts';
import type { TrustedKeyRow } from '../store/trusted-keys.ts';
import { findTrustedKey, insertTrustedKey, listTrustedKeys } from '../store/trusted-keys.ts';
import type { Failure } from './failure.ts';
import type { Scope } from './scope.ts';

/** PUT /v1/trusted-keys: a public key whose signatures this workspace accepts. */
export const trustedKeyRequest = v.object({
  purpose: v.picklist(['publisher', 'retraining']),
  /** Base64url of the raw 32 bytes of an Ed25519 public key. */
  publicKey: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/, 'expected 32 bytes as base64url')),
});
export type TrustedKeyRequest = v.InferOutput<typeof trustedKeyRequest>;

export type TrustedKeyView = {
  keyId: string;
  purpose: 'publisher' | 'retraining';
  publicKey: string;
  createdAt: string;
};

/** Registers a key. The same key again is fine; the same key for another purpose is not. */
export async function trustKey(
  scope: Scope,
  request: TrustedKeyRequest,
): Promise<Result<TrustedKeyView, Failure>> {
  const bytes = fromBase64url(request.publicKey);
  if (bytes?.length !== 32) return fail({ reason: 'invalid', detail: 'publicKey is not 32 bytes' });
  const keyId = await keyIdOf(bytes, webCrypto(crypto.subtle));
  const known = await findTrustedKey(scope.env.DB, scope.workspace, keyId);
  if (known) return sameKey(known, request);
  const row: TrustedKeyRow = {
    key_id: keyId,
    purpose: request.purpose,
    public_key: request.publicKey,
    created_at: new Date(scope.nowMs).toISOString(),
  };
  const written = await commit(scope, {
    audit: { action: 'key.trust', subject: keyId, detail: request.purpose },
    statements: [insertTrustedKey(scope.env.DB, scope.workspace, row)],
  });
  return written.ok ? ok(view(row)) : written;
}

function sameKey(
  known: TrustedKeyRow,
  request: TrustedKeyRequest,
): Result<TrustedKeyView, Failure> {
  if (known.purpose === request.purpose) return ok(view(known));
  return fail({ reason: 'trusted_key_exists', keyId: known.key_id, purpose: known.purpose });
}

export async function readTrustedKeys(
  scope: Pick<Scope, 'env' | 'workspace'>,
): Promise<TrustedKeyView[]> {
  return (await listTrustedKeys(scope.env.DB, scope.workspace)).map(view);
}

const view = (row: TrustedKeyRow): TrustedKeyView => ({
  keyId: row.key_id,
  purpose: row.purpose,
  publicKey: row.public_key,
  createdAt: row.created_at,
});
