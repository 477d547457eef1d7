import { fromBase64url, toHex } from '../core/base64url.ts';
import { fail, ok, type Result } from '../core/result.ts';
import type { Signed } from './manifest.ts';

/** What the browser, the Worker and Node each have: `shared/` itself sees no WebCrypto. */
export type SignatureCrypto = {
  /** Does `signature` (64 bytes) over `message` fit the raw Ed25519 public key (32 bytes)? */
  verifyEd25519(
    publicKey: Uint8Array<ArrayBuffer>,
    signature: Uint8Array<ArrayBuffer>,
    message: Uint8Array<ArrayBuffer>,
  ): Promise<boolean>;
  sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
};

export type VerifyError =
  | { reason: 'malformed'; field: 'payload' | 'signature' }
  | { reason: 'unknown_key'; keyId: string; trusted: string[] }
  | { reason: 'bad_signature'; keyId: string };

/** First 16 hexadecimal digits of the sha256 of a raw public key. */
export async function keyIdOf(
  publicKey: Uint8Array<ArrayBuffer>,
  crypto: Pick<SignatureCrypto, 'sha256'>,
): Promise<string> {
  return toHex(await crypto.sha256(publicKey)).slice(0, 16);
}

/**
 * The exact bytes that one of `trustedKeys` signed (Ed25519, RFC 8032).
 * @param trustedKeys base64url raw public keys; one that is not 32 bytes matches nothing
 */
export async function verifySigned(
  signed: Signed,
  trustedKeys: readonly string[],
  crypto: SignatureCrypto,
): Promise<Result<Uint8Array<ArrayBuffer>, VerifyError>> {
  const payload = fromBase64url(signed.payload);
  if (!payload) return fail({ reason: 'malformed', field: 'payload' });
  const signature = fromBase64url(signed.signature);
  if (signature?.length !== 64) return fail({ reason: 'malformed', field: 'signature' });
  const trusted: string[] = [];
  for (const text of trustedKeys) {
    const key = fromBase64url(text);
    if (key?.length !== 32) continue;
    const keyId = await keyIdOf(key, crypto);
    trusted.push(keyId);
    if (keyId !== signed.keyId) continue;
    if (await crypto.verifyEd25519(key, signature, payload)) return ok(payload);
    return fail({ reason: 'bad_signature', keyId });
  }
  return fail({ reason: 'unknown_key', keyId: signed.keyId, trusted });
}

/** The part of WebCrypto that `webCrypto` needs, spelt out because `shared/` compiles without it. */
export type SubtleLike = {
  digest(algorithm: 'SHA-256', data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
  importKey(
    format: 'raw',
    keyData: Uint8Array<ArrayBuffer>,
    algorithm: 'Ed25519',
    extractable: boolean,
    keyUsages: 'verify'[],
  ): Promise<unknown>;
  verify(
    algorithm: 'Ed25519',
    key: never,
    signature: Uint8Array<ArrayBuffer>,
    data: Uint8Array<ArrayBuffer>,
  ): Promise<boolean>;
};

/** `SignatureCrypto` over `crypto.subtle`, which browsers, workerd and Node all have. */
export function webCrypto(subtle: SubtleLike): SignatureCrypto {
  return {
    async sha256(bytes) {
      return new Uint8Array(await subtle.digest('SHA-256', bytes));
    },
    async verifyEd25519(publicKey, signature, message) {
      const key = await subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
      return subtle.verify('Ed25519', key as never, signature, message);
    },
  };
}
