import { expect, test } from 'vitest';
import { toBase64url } from '../core/base64url.ts';
import { utf8 } from '../core/utf8.ts';
import type { Signed } from './manifest.ts';
import { keyIdOf, verifySigned, webCrypto } from './verify.ts';

const crypto = webCrypto(globalThis.crypto.subtle);

async function newKey() {
  const pair = (await globalThis.crypto.subtle.generateKey('Ed25519', true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const raw = new Uint8Array(await globalThis.crypto.subtle.exportKey('raw', pair.publicKey));
  const sign = async (text: string): Promise<Signed> => {
    const bytes = Uint8Array.from(utf8(text));
    const signature = await globalThis.crypto.subtle.sign('Ed25519', pair.privateKey, bytes);
    return {
      payload: toBase64url(bytes),
      signature: toBase64url(new Uint8Array(signature)),
      keyId: await keyIdOf(raw, crypto),
    };
  };
  return { publicKey: toBase64url(raw), sign };
}

test('the bytes that a trusted key signed come back exactly', async () => {
  const [other, publisher] = [await newKey(), await newKey()];
  const signed = await publisher.sign('{"version":"1.0.0"}');
  const result = await verifySigned(signed, [other.publicKey, publisher.publicKey], crypto);
  expect(result).toEqual({ ok: true, value: Uint8Array.from(utf8('{"version":"1.0.0"}')) });
});

test('a payload changed after signing is refused', async () => {
  const publisher = await newKey();
  const signed = await publisher.sign('{"version":"1.0.0"}');
  const changed = { ...signed, payload: toBase64url(utf8('{"version":"1.0.1"}')) };
  const result = await verifySigned(changed, [publisher.publicKey], crypto);
  expect(result).toEqual({ ok: false, error: { reason: 'bad_signature', keyId: signed.keyId } });
});

test('a key that is not trusted is refused, and the error names both sides', async () => {
  const [publisher, stranger] = [await newKey(), await newKey()];
  const signed = await stranger.sign('{}');
  const trusted = (await publisher.sign('{}')).keyId;
  const result = await verifySigned(signed, [publisher.publicKey], crypto);
  expect(result).toEqual({
    ok: false,
    error: { reason: 'unknown_key', keyId: signed.keyId, trusted: [trusted] },
  });
});

test('a stranger who claims a trusted key id is refused by the signature', async () => {
  const [publisher, stranger] = [await newKey(), await newKey()];
  const claimed = { ...(await stranger.sign('{}')), keyId: (await publisher.sign('{}')).keyId };
  const result = await verifySigned(claimed, [publisher.publicKey], crypto);
  expect(result).toMatchObject({ ok: false, error: { reason: 'bad_signature' } });
});

test('a signature of another length is malformed', async () => {
  const publisher = await newKey();
  const signed = { ...(await publisher.sign('{}')), signature: 'AAAA' };
  const result = await verifySigned(signed, [publisher.publicKey], crypto);
  expect(result).toEqual({ ok: false, error: { reason: 'malformed', field: 'signature' } });
});
