import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import type { Signed } from '../shared/contracts/manifest.ts';
import { keyIdOf, webCrypto } from '../shared/contracts/verify.ts';
import { fromBase64url, toBase64url } from '../shared/core/base64url.ts';
import { ok, type Result } from '../shared/core/result.ts';
import { type CliFailure, codeOf, failed, unreadable } from './failure.ts';

/** A key pair at rest: the private half as PKCS #8, the public half raw, both base64url. */
const storedKey = v.object({
  algorithm: v.literal('Ed25519'),
  keyId: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
  publicKey: v.string(),
  privateKey: v.string(),
  createdAt: v.pipe(v.string(), v.isoTimestamp()),
});
export type StoredKey = v.InferOutput<typeof storedKey>;

/** A new Ed25519 pair; its id is the first 16 hexadecimal digits of the raw public key's sha256. */
export async function createSigningKey(now: Date): Promise<StoredKey> {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const privateKey = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey));
  return {
    algorithm: 'Ed25519',
    keyId: await keyIdOf(publicKey, webCrypto(crypto.subtle)),
    publicKey: toBase64url(publicKey),
    privateKey: toBase64url(privateKey),
    createdAt: now.toISOString(),
  };
}

/** Signs exact bytes; Ed25519 is deterministic, so the same bytes give the same signature. */
export async function signBytes(bytes: Uint8Array<ArrayBuffer>, key: StoredKey): Promise<Signed> {
  const privateKey = await crypto.subtle.importKey(
    'pkcs8',
    fromBase64url(key.privateKey)!,
    'Ed25519',
    false,
    ['sign'],
  );
  const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, bytes));
  return {
    payload: toBase64url(bytes),
    signature: toBase64url(signature),
    keyId: key.keyId,
  };
}

/** The key pair in a file, or why there is none. */
export async function readSigningKey(path: string): Promise<Result<StoredKey, CliFailure>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') return unreadable(path, error);
    return failed('key', `No signing key at ${path}. Make one with: edgewise keys new`);
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), storedKey), text);
  if (!parsed.success) return failed('key', `${path} is not an Ed25519 key pair of Edgewise.`);
  if (!fromBase64url(parsed.output.privateKey)) {
    return failed('key', `The private key in ${path} is not base64url.`);
  }
  return ok(parsed.output);
}
