import * as v from 'valibot';
import type { Signed } from '../../shared/contracts/manifest.ts';
import { fromBase64url, toBase64url } from '../../shared/core/base64url.ts';
import { fail, ok, type Result } from '../../shared/core/result.ts';
import { describe } from '../http/describe-failure.ts';
import type { Scope } from '../services/scope.ts';
import { verifyTrusted } from '../services/verify-signed.ts';

const storedKey = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ keyId: v.string(), privateKey: v.string() }),
);

/** The operator's to mend. */
export type NoKey = { reason: 'no_retraining_key'; detail: string };

/** Signs exact bytes with the trainer's own key. */
export async function signByTrainer(
  bytes: Uint8Array<ArrayBuffer>,
  secret: string,
): Promise<Result<Signed, NoKey>> {
  const parsed = v.safeParse(storedKey, secret);
  const pkcs8 = parsed.success ? fromBase64url(parsed.output.privateKey) : null;
  const key = pkcs8 && (await importKey(pkcs8));
  if (!parsed.success || !key)
    return fail({
      reason: 'no_retraining_key',
      detail: 'The secret RETRAINING_KEY of the trainer is missing or is no Ed25519 key pair.',
    });
  const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', key, bytes));
  return ok({
    payload: toBase64url(bytes),
    signature: toBase64url(signature),
    keyId: parsed.output.keyId,
  });
}

/**
 * Would the workspace take what this trainer signs? Asked before the training, which takes minutes,
 * and not after it.
 * @returns why not, in words; null when it would
 */
export async function whyNotSigned(scope: Scope, secret: string): Promise<string | null> {
  const sample = Uint8Array.from(new TextEncoder().encode(scope.workspace));
  const signed = await signByTrainer(sample, secret);
  if (!signed.ok) return signed.error.detail;
  const verified = await verifyTrusted(scope, signed.value, ['publisher', 'retraining']);
  return verified.ok ? null : `The retraining key: ${describe(verified.error).detail}`;
}

async function importKey(pkcs8: Uint8Array<ArrayBuffer>): Promise<CryptoKey | null> {
  try {
    return await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}
