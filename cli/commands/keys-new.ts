import { existsSync } from 'node:fs';
import { link } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ok } from '../../shared/core/result.ts';
import { reporting } from '../command.ts';
import { codeOf, failed } from '../failure.ts';
import { checkOutFile } from '../out-path.ts';
import { writePrivateJson, writePublicJson } from '../private-file.ts';
import { createSigningKey, readSigningKey } from '../signing-key.ts';
import { type StateFolder, stateFolderOf } from '../state-folder.ts';
import { readTrustedKeys } from '../trusted-keys.ts';

type Flags = { force: boolean; json: boolean };

/**
 * Makes the publisher's key pair and trusts its public half. With `--force` a key already there is
 * set aside and stays trusted: what it signed goes on being valid.
 */
export const keysNew = reporting<Flags, []>(async ({ context, flags }) => {
  const paths = stateFolderOf(context);
  if (existsSync(paths.publisherKey) && !flags.force) {
    return failed(
      'key',
      `There is a publisher key at ${paths.publisherKey}. With --force it is set aside for a new one; clients built before then refuse what the new one signs.`,
    );
  }
  const trusted = await readTrustedKeys(paths.trustedKeys);
  if (!trusted.ok) return trusted;
  const writable = await checkOutFile(paths.publisherKey);
  if (!writable.ok) return writable;
  const setAside = await setOldKeyAside(paths);
  const key = await createSigningKey(new Date());
  await writePrivateJson(paths.publisherKey, key);
  await writePublicJson(paths.trustedKeys, {
    ...trusted.value,
    publisher: [key.publicKey, ...trusted.value.publisher],
  });
  return ok({
    json: {
      keyId: key.keyId,
      publicKey: key.publicKey,
      privateKeyFile: paths.publisherKey,
      trustedKeysFile: paths.trustedKeys,
      setAside,
    },
    sentences: [
      `Publisher key ${key.keyId} is in ${paths.publisherKey}: only you can read it, keep a copy.`,
      `Its public half is in ${paths.trustedKeys}: builds of the PWA from now on trust it.`,
      ...(setAside ? [`The key before it is in ${setAside}, and still trusted.`] : []),
    ],
  });
});

async function setOldKeyAside(paths: StateFolder): Promise<string | null> {
  if (!existsSync(paths.publisherKey)) return null;
  const old = await readSigningKey(paths.publisherKey);
  const name = old.ok ? old.value.keyId : `unreadable-${Date.now()}`;
  const aside = join(dirname(paths.publisherKey), `publisher-${name}.json`);
  // A second name, not another one: should the new key not be written, the old one is where it was.
  await link(paths.publisherKey, aside).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error;
  });
  return aside;
}
