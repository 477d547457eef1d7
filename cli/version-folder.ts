import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { type Manifest, manifest } from '../shared/contracts/manifest.ts';
import { ok, type Result } from '../shared/core/result.ts';
import { type CliFailure, failed, whyNot } from './failure.ts';
import { type ManifestJson, readManifestJson } from './read-manifest-json.ts';

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
  const json = await readManifestJson(folder, 'version');
  if (!json.ok) return json;
  const parsed = parseManifest(json.value);
  if (!parsed.ok) return parsed;
  const sizes = new Set(parsed.value.files.map(({ sizeBytes }) => sizeBytes));
  const byHash = await readByHash(folder, sizes);
  if (!byHash.ok) return byHash;
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
  return ok({ manifest: parsed.value, manifestBytes: json.value.bytes, files });
}

function parseManifest({ path, value }: ManifestJson): Result<Manifest, CliFailure> {
  const parsed = v.safeParse(manifest, value);
  if (parsed.success) return ok(parsed.output);
  return failed(
    'version_files',
    `${path} is not the manifest of a version.`,
    parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`),
  );
}

/** Files of the sizes that are looked for: what else lies in the folder may be large. */
async function readByHash(
  folder: string,
  sizes: ReadonlySet<number>,
): Promise<Result<Map<string, Uint8Array<ArrayBuffer>>, CliFailure>> {
  const byHash = new Map<string, Uint8Array<ArrayBuffer>>();
  try {
    for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      if (!sizes.has((await stat(path)).size)) continue;
      const bytes = new Uint8Array(await readFile(path));
      byHash.set(createHash('sha256').update(bytes).digest('hex'), bytes);
    }
    return ok(byHash);
  } catch (error) {
    return failed('file', `${folder} cannot be read: ${whyNot(error)}.`);
  }
}
