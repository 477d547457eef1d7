import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';

export type GunzipError =
  | { reason: 'not_gzip'; detail: string }
  | { reason: 'too_large'; what: string; limitBytes: number };

/** Inflates gzip and stops as soon as more than `limitBytes` have come out: a bomb costs no more. */
export async function gunzip(
  compressed: Uint8Array<ArrayBuffer>,
  limitBytes: number,
): Promise<Result<Uint8Array, GunzipError>> {
  const reader = new Blob([compressed])
    .stream()
    .pipeThrough(new DecompressionStream('gzip'))
    .getReader();
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return ok(concatenate(chunks, sizeBytes));
      sizeBytes += value.byteLength;
      if (sizeBytes > limitBytes) {
        await reader.cancel();
        return fail({ reason: 'too_large', what: 'the batch, decompressed,', limitBytes });
      }
      chunks.push(value);
    }
  } catch (error) {
    return fail({
      reason: 'not_gzip',
      detail: error instanceof Error ? error.message : `${error}`,
    });
  }
}

export function concatenate(chunks: Uint8Array[], sizeBytes: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(sizeBytes);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}
