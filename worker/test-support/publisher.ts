import type { Signed } from '../../shared/contracts/manifest.ts';
import { keyIdOf, webCrypto } from '../../shared/contracts/verify.ts';
import { toBase64url } from '../../shared/core/base64url.ts';
import type { TestWorkspace } from './workspace.ts';

export type Publisher = {
  keyId: string;
  publicKey: string;
  sign: (payload: unknown) => Promise<Signed>;
};

/** A key pair as the command line makes it. */
export async function createPublisher(): Promise<Publisher> {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const raw = new Uint8Array((await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer);
  const keyId = await keyIdOf(raw, webCrypto(crypto.subtle));
  return {
    keyId,
    publicKey: toBase64url(raw),
    async sign(payload) {
      const bytes = new TextEncoder().encode(JSON.stringify(payload));
      const signature = await crypto.subtle.sign('Ed25519', pair.privateKey, bytes);
      return {
        payload: toBase64url(bytes),
        signature: toBase64url(new Uint8Array(signature)),
        keyId,
      };
    },
  };
}

/** A key pair whose public key the workspace trusts. */
export async function trustedPublisher(
  workspace: TestWorkspace,
  purpose: 'publisher' | 'retraining' = 'publisher',
): Promise<Publisher> {
  const publisher = await createPublisher();
  const { publicKey } = publisher;
  await workspace.call('PUT', '/v1/trusted-keys', { purpose, publicKey });
  return publisher;
}
