import { CHUNK_SIZE_BYTES, type Manifest, type ManifestFile } from '../contracts/manifest.ts';
import { type FileRole, jsonBytes, type VersionDraft } from './draft-version.ts';

/** A version ready to be signed and published. */
export type AssembledVersion = {
  manifest: Manifest;
  /** The exact bytes of the manifest's JSON: what is signed. */
  manifestBytes: Uint8Array<ArrayBuffer>;
  files: Map<FileRole, Uint8Array<ArrayBuffer>>;
};

/** Names each file, and each chunk of it, by its hash. @param sha256 lower-case hexadecimal */
export async function assembleVersion(
  draft: VersionDraft,
  sha256: (bytes: Uint8Array<ArrayBuffer>) => Promise<string>,
): Promise<AssembledVersion> {
  const files = new Map(Object.entries(draft.files) as [FileRole, Uint8Array<ArrayBuffer>][]);
  const named = await Promise.all(
    [...files].map(([role, bytes]) => manifestFileOf(role, bytes, sha256)),
  );
  const manifest: Manifest = { ...draft.manifest, files: named };
  return { manifest, manifestBytes: jsonBytes(manifest), files };
}

async function manifestFileOf(
  role: FileRole,
  bytes: Uint8Array<ArrayBuffer>,
  sha256: (bytes: Uint8Array<ArrayBuffer>) => Promise<string>,
): Promise<ManifestFile> {
  const chunks: string[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_SIZE_BYTES)
    chunks.push(await sha256(bytes.slice(at, at + CHUNK_SIZE_BYTES)));
  return {
    role,
    sha256: await sha256(bytes),
    sizeBytes: bytes.length,
    chunkSizeBytes: CHUNK_SIZE_BYTES,
    chunks,
  };
}
