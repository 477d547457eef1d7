import { LIMITS } from '../../shared/contracts/limits.ts';
import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';
import { artifactKey, createOnly } from '../store/r2-keys.ts';
import type { Failure } from './failure.ts';
import type { Scope } from './scope.ts';

export type ArtifactUpload = {
  sha256: string;
  sizeBytes: number | null;
  body: ReadableStream<Uint8Array> | null;
};

/**
 * Streams a file into R2 under its hash; R2 itself checks the hash while it stores. Bytes that are
 * there already stay: what has this name can only be these bytes.
 */
export async function storeArtifact(
  scope: Scope,
  upload: ArtifactUpload,
): Promise<Result<{ created: boolean }, Failure>> {
  const { sha256, sizeBytes, body } = upload;
  if (sizeBytes === null || !body) return fail({ reason: 'length_required' });
  if (sizeBytes > LIMITS.artifactBytes)
    return fail({ reason: 'too_large', what: 'an artifact', limitBytes: LIMITS.artifactBytes });
  try {
    const stored = await scope.env.BUCKET.put(artifactKey(scope.workspace, sha256), body, {
      sha256,
      onlyIf: createOnly(),
      httpMetadata: { contentType: 'application/octet-stream' },
    });
    return ok({ created: stored !== null });
  } catch (error) {
    if (!isHashMismatch(error)) throw error;
    return fail({ reason: 'hash_mismatch', expected: sha256 });
  }
}

const isHashMismatch = (error: unknown): boolean =>
  error instanceof Error && /checksum|10037/i.test(error.message);

export function readArtifact(
  scope: Pick<Scope, 'env' | 'workspace'>,
  sha256: string,
  range: { offset: number; length: number } | null,
): Promise<R2ObjectBody | null> {
  return scope.env.BUCKET.get(artifactKey(scope.workspace, sha256), range ? { range } : {});
}

export function headArtifact(
  scope: Pick<Scope, 'env' | 'workspace'>,
  sha256: string,
): Promise<R2Object | null> {
  return scope.env.BUCKET.head(artifactKey(scope.workspace, sha256));
}
