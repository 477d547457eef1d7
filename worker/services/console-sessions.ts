import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';
import { HOUR_MS } from '../../shared/core/time.ts';
import type { Platform } from '../env.ts';
import { commit } from '../store/commit.ts';
import { findConsoleCode, insertKey, useConsoleCode } from '../store/keys.ts';
import type { Failure } from './failure.ts';
import { hashOf } from './keys.ts';
import { newKey } from './new-id.ts';

const SESSION_MS = 12 * HOUR_MS;
const SHOWN_PREFIX = 9;

export type ConsoleSession = { key: string; expiresAt: string };

/** Turns a one-time code into a session key; the code says which workspace it is. */
export async function openConsoleSession(
  env: Platform,
  code: string,
  nowMs: number,
): Promise<Result<ConsoleSession, Failure>> {
  const now = new Date(nowMs).toISOString();
  const row = await findConsoleCode(env.DB, await hashOf(code), now);
  if (!row) return fail({ reason: 'code_refused' });
  const key = newKey('st_');
  const prefix = key.slice(0, SHOWN_PREFIX);
  const expiresAt = new Date(nowMs + SESSION_MS).toISOString();
  const session = insertKey(env.DB, {
    hash: await hashOf(key),
    workspace: row.workspace,
    kind: 'session',
    prefix,
    createdAt: now,
    expires_at: expiresAt,
    revoked_at: null,
  });
  const written = await commit(
    { env, workspace: row.workspace, actor: 'console code', nowMs },
    {
      audit: { action: 'session.open', subject: prefix, detail: `until ${expiresAt}` },
      statements: [session],
      compareAndSet: useConsoleCode(env.DB, row.hash, now),
    },
  );
  return written.ok ? ok({ key, expiresAt }) : fail({ reason: 'code_refused' });
}
