import * as v from 'valibot';
import type { Signed } from '../../shared/contracts/manifest.ts';
import { fromBase64url, toBase64url } from '../../shared/core/base64url.ts';

const storedKey = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ keyId: v.string(), privateKey: v.string() }),
);

/**
 * Signs exact bytes with the trainer's own key.
 * @throws Error when the secret is missing or no Ed25519 key: the operator's to mend
 */
export async function signByTrainer(
  bytes: Uint8Array<ArrayBuffer>,
  secret: string,
): Promise<Signed> {
  const parsed = v.safeParse(storedKey, secret);
  const pkcs8 = parsed.success ? fromBase64url(parsed.output.privateKey) : null;
  if (!parsed.success || !pkcs8)
    throw new Error('The secret RETRAINING_KEY of the trainer is missing or is no key pair.');
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
  const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', key, bytes));
  return {
    payload: toBase64url(bytes),
    signature: toBase64url(signature),
    keyId: parsed.output.keyId,
  };
}
