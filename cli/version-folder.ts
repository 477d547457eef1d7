import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { type Manifest, manifest } from '../shared/contracts/manifest.ts';
import { ok, type Result } from '../shared/core/result.ts';
import { type CliFailure, failed } from './failure.ts';

export type VersionFolder = {
  manifest: Manifest;
  /** The exact bytes that are signed. */
  manifestBytes: Uint8Array<ArrayBuffer>;
  /** The files the manifest lists, in its order. */
  files: { role: string; sha256: string; bytes: Uint8Array<ArrayBuffer> }[];
};

/**
 * A version as `train` leaves it: manifest.json and its files. Files are found by their hash, so
 * their names do not matter; a file whose bytes changed since is found missing.
 */
export async function readVersionFolder(
  folder: string,
): Promise<Result<VersionFolder, CliFailure>> {
  const byHash = await readByHash(folder);
  if (!byHash.ok) return byHash;
  const manifestBytes = await readFile(join(folder, 'manifest.json')).then(
    (bytes) => new Uint8Array(bytes),
    () => null,
  );
  if (!manifestBytes) return failed('version_files', `There is no manifest.json in ${folder}.`);
  const parsed = parseManifest(manifestBytes);
  if (!parsed.ok) return parsed;
  const files = [];
  const missing = [];
  for (const { role, sha256, sizeBytes } of parsed.value.files) {
    const bytes = byHash.value.get(sha256);
    if (bytes && bytes.length === sizeBytes) files.push({ role, sha256, bytes });
    else missing.push(`${role}: no file of ${sizeBytes} bytes with sha256 ${sha256}`);
  }
  if (missing.length > 0) {
    return failed(
      'version_files',
      `${folder} does not hold what its manifest lists. Train again, or restore the files.`,
      missing,
    );
  }
  return ok({ manifest: parsed.value, manifestBytes, files });
}

function parseManifest(bytes: Uint8Array): Result<Manifest, CliFailure> {
  const text = new TextDecoder().decode(bytes);
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), manifest), text);
  if (parsed.success) return ok(parsed.output);
  return failed(
    'version_files',
    'manifest.json is not a manifest.',
    parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`),
  );
}

async function readByHash(
  folder: string,
): Promise<Result<Map<string, Uint8Array<ArrayBuffer>>, CliFailure>> {
  const byHash = new Map<string, Uint8Array<ArrayBuffer>>();
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => null);
  if (!entries) return failed('file', `There is no folder ${folder}.`);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const bytes = new Uint8Array(await readFile(join(entry.parentPath, entry.name)));
    byHash.set(createHash('sha256').update(bytes).digest('hex'), bytes);
  }
  return ok(byHash);
}
