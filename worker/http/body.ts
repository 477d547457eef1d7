import type * as v from 'valibot';
import { LIMITS } from '../../shared/contracts/limits.ts';
import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';
import type { Failure } from '../services/failure.ts';
import { parseWith } from '../services/parse.ts';
import { concatenate } from '../telemetry/gunzip.ts';

type TooLarge = Extract<Failure, { reason: 'too_large' }>;

/** The whole body, or a refusal as soon as it is known to be larger than `limitBytes`. */
export async function readBody(
  request: Request,
  limitBytes: number,
): Promise<Result<Uint8Array<ArrayBuffer>, TooLarge>> {
  const tooLarge = fail<TooLarge>({ reason: 'too_large', what: 'the body', limitBytes });
  if (Number(request.headers.get('Content-Length') ?? 0) > limitBytes) return tooLarge;
  if (!request.body) return ok(new Uint8Array());
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return ok(chunks.length === 1 ? ownBytes(chunks[0]) : concatenate(chunks, sizeBytes));
    sizeBytes += value.byteLength;
    if (sizeBytes > limitBytes) {
      await reader.cancel();
      return tooLarge;
    }
    chunks.push(value);
  }
}

const ownBytes = (chunk: Uint8Array): Uint8Array<ArrayBuffer> => chunk as Uint8Array<ArrayBuffer>;

/** A JSON body that fits `schema`. */
export async function readJson<T>(
  request: Request,
  schema: v.GenericSchema<unknown, T>,
): Promise<Result<T, Failure>> {
  const body = await readBody(request, LIMITS.jsonBodyBytes);
  return body.ok ? parseWith(schema, body.value, 'The body') : body;
}
