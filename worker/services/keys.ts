import { toHex } from '../../shared/core/base64url.ts';
import type { Platform } from '../env.ts';
import type { KeyRow } from '../store/keys.ts';
import { findKey } from '../store/keys.ts';
import { createIsolateCache } from './isolate-cache.ts';

export type Caller = Pick<KeyRow, 'workspace' | 'kind' | 'prefix'>;

/** A revoked key works this long at most where it was just used. */
const KEY_TTL_MS = 60_000;
const KEY_PATTERN = /^(pk|sk|st)_[A-Za-z0-9_-]{43}$/;

const keys = createIsolateCache<KeyRow>(10_000);

/** Will `findCaller` answer without the database? */
export const isRememberedKey = (key: string, nowMs: number): boolean =>
  keys.get(key, nowMs) !== undefined;

/** Whose key this is, or null. The database knows only hashes; keys that fail are not remembered. */
export async function findCaller(
  env: Platform,
  key: string,
  nowMs: number,
): Promise<Caller | null> {
  if (!KEY_PATTERN.test(key)) return null;
  let row = keys.get(key, nowMs) ?? null;
  if (!row) {
    row = await findKey(env.DB, await hashOf(key));
    if (row) keys.set(key, row, nowMs + KEY_TTL_MS);
  }
  if (!row || row.revoked_at !== null) return null;
  if (row.expires_at !== null && Date.parse(row.expires_at) <= nowMs) return null;
  return row;
}

/** sha256 of a key or code as the tables hold it: 64 hexadecimal digits. */
export async function hashOf(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}
