import type { ManifestFile } from '../../../shared/contracts/manifest.ts';
import type { SignatureCrypto } from '../../../shared/contracts/verify.ts';
import { toHex } from '../../../shared/core/base64url.ts';
import { fail, ok, type Result } from '../../../shared/core/result.ts';
import type { Adapters, ClientStorage } from '../adapters.ts';
import { messageOf } from '../storage/storage-errors.ts';
import type { Destination } from '../sync/send-batch.ts';
import { readChunks, storeChunk } from './chunks.ts';
import type { Refusal } from './refusal.ts';

export type DownloadOptions = {
  origin: Destination;
  storage: ClientStorage;
  crypto: SignatureCrypto;
  fetch: Adapters['fetch'];
  signal: AbortSignal;
};

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * The bytes that a manifest names, from this device or the server. Each chunk is checked as it
 * arrives and kept, so a broken download goes on where it stopped; the whole is checked last.
 */
export async function obtainFile(
  file: ManifestFile,
  options: DownloadOptions,
): Promise<Result<Bytes, Refusal>> {
  const { sha256, sizeBytes, chunkSizeBytes, chunks } = file;
  if (chunks.length !== Math.ceil(sizeBytes / chunkSizeBytes))
    return fail({ reason: 'chunk_list', sha256, sizeBytes, chunks: chunks.length });
  const bytes = new Uint8Array(sizeBytes);
  const held = await readChunks(file, options);
  let haveBytes = 0;
  for (const chunk of held) {
    bytes.set(chunk, haveBytes);
    haveBytes += chunk.length;
  }
  if (haveBytes < sizeBytes) {
    const failure = await fetchRest(file, { bytes, fromBytes: haveBytes }, options);
    if (failure) return fail(failure);
  }
  const found = toHex(await options.crypto.sha256(bytes));
  return found === sha256 ? ok(bytes) : fail({ reason: 'file_mismatch', sha256, found });
}

/** Fills `bytes` from `fromBytes` on. */
async function fetchRest(
  file: ManifestFile,
  { bytes, fromBytes }: { bytes: Bytes; fromBytes: number },
  options: DownloadOptions,
): Promise<Refusal | null> {
  const { origin, fetch, signal } = options;
  try {
    const response = await fetch(`${origin.endpoint}/v1/artifacts/${file.sha256}`, {
      headers: {
        Authorization: `Bearer ${origin.publishableKey}`,
        ...(fromBytes > 0 ? { Range: `bytes=${fromBytes}-` } : {}),
      },
      // Kept here, chunk by chunk: an HTTP cache would keep a broken copy as well as a whole one.
      cache: 'no-store',
      signal,
    });
    if (response.status === 404 || response.status === 410)
      return { reason: 'not_found', sha256: file.sha256, status: response.status };
    if (!response.ok || !response.body)
      return { reason: 'unreachable', detail: `status ${response.status}` };
    const startBytes = response.status === 206 ? fromBytes : 0;
    return await takeBody(file, { bytes, startBytes, body: response.body }, options);
  } catch (error) {
    return { reason: 'unreachable', detail: messageOf(error) };
  }
}

type Arriving = { bytes: Bytes; startBytes: number; body: ReadableStream<Uint8Array> };

/** Checks and keeps each chunk as soon as its last byte is there. */
async function takeBody(
  file: ManifestFile,
  { bytes, startBytes, body }: Arriving,
  options: DownloadOptions,
): Promise<Refusal | null> {
  const { sha256, sizeBytes, chunkSizeBytes, chunks } = file;
  let received = startBytes;
  let index = startBytes / chunkSizeBytes;
  for await (const piece of pieces(body)) {
    if (received + piece.length > sizeBytes) return sizeMismatch(file, received + piece.length);
    bytes.set(piece, received);
    received += piece.length;
    while (index < chunks.length && received >= Math.min(sizeBytes, (index + 1) * chunkSizeBytes)) {
      const chunk = bytes.slice(index * chunkSizeBytes, (index + 1) * chunkSizeBytes);
      if (toHex(await options.crypto.sha256(chunk)) !== chunks[index])
        return { reason: 'chunk_mismatch', sha256, index };
      await storeChunk(options.storage, { sha256, index, chunk });
      index += 1;
    }
  }
  return received === sizeBytes ? null : sizeMismatch(file, received);
}

/** Safari's streams are not iterable. */
async function* pieces(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}

const sizeMismatch = ({ sha256, sizeBytes }: ManifestFile, receivedBytes: number): Refusal => ({
  reason: 'size_mismatch',
  sha256,
  expectedBytes: sizeBytes,
  receivedBytes,
});
