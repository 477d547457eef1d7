import { toBase64url } from '../../shared/core/base64url.ts';
import { uuidv7 } from '../../shared/core/ids.ts';
import type { Rng } from '../../shared/core/rng.ts';

const secureRng: Rng = () => crypto.getRandomValues(new Uint32Array(1))[0] / 2 ** 32;

/** A UUIDv7 from the platform's randomness. */
export const newId = (nowMs: number): string => uuidv7(nowMs, secureRng);

/** 256 random bits as base64url, after a prefix that says what kind of key it is. */
export function newKey(prefix: 'st_'): string {
  return prefix + toBase64url(crypto.getRandomValues(new Uint8Array(32)));
}
