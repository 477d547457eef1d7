import type { PublishRequest, VersionView } from '../shared/contracts/registry.ts';
import { ok, type Result } from '../shared/core/result.ts';
import { callApi } from './api.ts';
import type { Tell } from './command.ts';
import type { Remote } from './credentials.ts';
import type { CliFailure } from './failure.ts';
import { type StoredKey, signBytes } from './signing-key.ts';
import type { VersionFolder } from './version-folder.ts';

export type Published = {
  model: string;
  version: string;
  keyId: string;
  publishedAt: string;
  files: { role: string; sha256: string; sizeBytes: number; uploaded: boolean }[];
};

/**
 * Publishes one version: uploads the files the server does not have, then the signed manifest.
 * Running it again after a broken connection carries on where it stopped.
 */
export async function publishVersion(
  remote: Remote,
  folder: VersionFolder,
  options: { key: StoredKey; tell: Tell },
): Promise<Result<Published, CliFailure>> {
  const { model, version } = folder.manifest;
  const files = [];
  for (const file of folder.files) {
    const uploaded = await uploadIfMissing(remote, file);
    if (!uploaded.ok) return uploaded;
    options.tell(
      `${uploaded.value ? 'Uploaded' : 'Already there'}: ${file.role}, ${file.bytes.length} bytes.`,
    );
    files.push({
      role: file.role,
      sha256: file.sha256,
      sizeBytes: file.bytes.length,
      uploaded: uploaded.value,
    });
  }
  const request: PublishRequest = {
    manifest: await signBytes(folder.manifestBytes, options.key),
  };
  const view = await callApi<VersionView>(remote, {
    method: 'PUT',
    path: `/v1/models/${model}/versions/${version}`,
    json: request,
    holds: ['publishedAt'],
  });
  if (!view.ok) return view;
  const { publishedAt } = view.value;
  return ok({ model, version, keyId: options.key.keyId, publishedAt, files });
}

/** @returns whether the bytes had to be sent */
async function uploadIfMissing(
  remote: Remote,
  file: { sha256: string; bytes: Uint8Array<ArrayBuffer> },
): Promise<Result<boolean, CliFailure>> {
  const path = `/v1/artifacts/${file.sha256}`;
  const there = await callApi<void>(remote, { method: 'HEAD', path });
  if (there.ok) return ok(false);
  if (there.error.status !== 404) return there;
  const put = await callApi<unknown>(remote, { method: 'PUT', path, bytes: file.bytes });
  return put.ok ? ok(true) : put;
}
