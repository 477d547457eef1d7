import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { ok, type Result } from '../shared/core/result.ts';
import { type CliFailure, codeOf, failed, unreadable } from './failure.ts';

const rawKeys = v.array(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/)));

/** Raw Ed25519 public keys, base64url: what a PWA build pins and `createClient` is given. */
const trustedKeys = v.object({ publisher: rawKeys, retraining: rawKeys });
export type TrustedKeys = v.InferOutput<typeof trustedKeys>;

export const NO_TRUSTED_KEYS: TrustedKeys = { publisher: [], retraining: [] };

/** The keys in a file; none when there is no such file yet. */
export async function readTrustedKeys(path: string): Promise<Result<TrustedKeys, CliFailure>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? ok(NO_TRUSTED_KEYS) : unreadable(path, error);
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), trustedKeys), text);
  if (parsed.success) return ok(parsed.output);
  return failed(
    'key',
    `${path} does not hold {"publisher":[...],"retraining":[...]} with base64url raw keys.`,
  );
}
