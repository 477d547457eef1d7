import { resolve } from 'node:path';
import { ok } from '../../shared/core/result.ts';
import { reporting } from '../command.ts';
import { findRemote, type RemoteFlags } from '../credentials.ts';
import { publishVersion } from '../publish-version.ts';
import { readSigningKey } from '../signing-key.ts';
import { stateFolderOf } from '../state-folder.ts';
import { readVersionFolder } from '../version-folder.ts';

type Flags = RemoteFlags & { json: boolean };

/** Signs what `train` left in a folder with the publisher's key, and publishes it. */
export const publish = reporting<Flags, [string]>(async ({ context, flags, tell }, folderPath) => {
  const remote = await findRemote(context, flags);
  if (!remote.ok) return remote;
  const key = await readSigningKey(stateFolderOf(context).publisherKey);
  if (!key.ok) return key;
  const folder = await readVersionFolder(resolve(context.cwd, folderPath));
  if (!folder.ok) return folder;
  const published = await publishVersion(remote.value, folder.value, { key: key.value, tell });
  if (!published.ok) return published;
  const { model, version, keyId } = published.value;
  return ok({
    json: published.value,
    sentences: [
      `Published ${model} ${version}, signed by ${keyId}. Nobody gets it yet.`,
      `Next: edgewise rollout ${model} --version ${version}`,
    ],
  });
});
