import type { Signed } from '../../shared/contracts/manifest.ts';
import { verifySigned, webCrypto } from '../../shared/contracts/verify.ts';
import type { Result } from '../../shared/core/result.ts';
import { fail } from '../../shared/core/result.ts';
import type { TrustedKeyRow } from '../store/trusted-keys.ts';
import { findTrustedKey } from '../store/trusted-keys.ts';
import type { Failure } from './failure.ts';
import type { Scope } from './scope.ts';

/** The exact bytes that a key trusted by the workspace signed. */
export async function verifyTrusted(
  scope: Scope,
  signed: Signed,
  purposes: readonly TrustedKeyRow['purpose'][],
): Promise<Result<Uint8Array<ArrayBuffer>, Failure>> {
  const key = await findTrustedKey(scope.env.DB, scope.workspace, signed.keyId);
  if (!key || !purposes.includes(key.purpose))
    return fail({ reason: 'unknown_signer', keyId: signed.keyId });
  const verified = await verifySigned(signed, [key.public_key], webCrypto(crypto.subtle));
  if (verified.ok) return verified;
  if (verified.error.reason === 'malformed')
    return fail({ reason: 'invalid', detail: `${verified.error.field} is not base64url` });
  return fail({
    reason: verified.error.reason === 'bad_signature' ? 'bad_signature' : 'unknown_signer',
    keyId: signed.keyId,
  });
}
