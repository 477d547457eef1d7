import { keyIdOf, webCrypto } from '../../../shared/contracts/verify.ts';
import { toBase64url } from '../../../shared/core/base64url.ts';

/** A pair as the start script writes it into the trainer's secret. */
export async function createSigningSecret(): Promise<{
  secret: string;
  publicKey: string;
  keyId: string;
}> {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign'])) as CryptoKeyPair;
  const exported = async (format: 'raw' | 'pkcs8', key: CryptoKey) =>
    new Uint8Array((await crypto.subtle.exportKey(format, key)) as ArrayBuffer);
  const raw = await exported('raw', pair.publicKey);
  const keyId = await keyIdOf(raw, webCrypto(crypto.subtle));
  const publicKey = toBase64url(raw);
  const privateKey = toBase64url(await exported('pkcs8', pair.privateKey));
  return { secret: JSON.stringify({ keyId, publicKey, privateKey }), publicKey, keyId };
}
