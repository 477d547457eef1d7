import { existsSync } from 'node:fs';
import { type Credentials, readCredentials } from '../../cli/credentials.ts';
import { writePrivateJson, writePublicJson } from '../../cli/private-file.ts';
import { createSigningKey, readSigningKey, type StoredKey } from '../../cli/signing-key.ts';
import { readTrustedKeys, type TrustedKeys } from '../../cli/trusted-keys.ts';
import { toBase64url } from '../../shared/core/base64url.ts';
import type { LocalPaths } from './local-paths.ts';

export type LocalKeys = {
  publisher: StoredKey;
  /** Its private half goes to the trainer Worker alone. */
  retraining: StoredKey;
  trusted: TrustedKeys;
  credentials: Credentials;
  /** Made now, not found: they are shown once. */
  areNew: boolean;
};

/** Finds or makes the signing keys, the list of trusted ones and the workspace's API keys. */
export async function prepareKeys(paths: LocalPaths, endpoint: string): Promise<LocalKeys> {
  const publisher = await findOrMakeKey(paths.publisherKey);
  const retraining = await findOrMakeKey(paths.retrainingKey);
  const found = await readTrustedKeys(paths.trustedKeys);
  if (!found.ok) throw new Error(found.error.message);
  const trusted = {
    publisher: withKey(found.value.publisher, publisher.publicKey),
    retraining: withKey(found.value.retraining, retraining.publicKey),
  };
  await writePublicJson(paths.trustedKeys, trusted);
  const known = await readCredentials(paths.credentials);
  const credentials = { ...(known ?? newApiKeys()), endpoint };
  await writePrivateJson(paths.credentials, credentials);
  return { publisher, retraining, trusted, credentials, areNew: known === null };
}

async function findOrMakeKey(path: string): Promise<StoredKey> {
  if (existsSync(path)) {
    const key = await readSigningKey(path);
    if (!key.ok) throw new Error(key.error.message);
    return key.value;
  }
  const key = await createSigningKey(new Date());
  await writePrivateJson(path, key);
  return key;
}

const withKey = (keys: readonly string[], key: string): string[] =>
  keys.includes(key) ? [...keys] : [key, ...keys];

const newApiKeys = () => ({ publishableKey: newSecret('pk_'), secretKey: newSecret('sk_') });

/** 256 random bits after a prefix that says what they open. */
export const newSecret = (prefix: string): string =>
  prefix + toBase64url(crypto.getRandomValues(new Uint8Array(32)));
