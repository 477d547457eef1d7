import type { Context } from 'hono';
import type { Env } from '../env.ts';
import type { Caller } from '../services/keys.ts';
import type { Scope } from '../services/scope.ts';

export type AppEnv = { Bindings: Env; Variables: { caller: Caller; nowMs: number } };

/** On whose behalf this request runs. */
export function scopeOf(c: Context<AppEnv>): Scope {
  const { workspace, prefix } = c.get('caller');
  return { env: c.env, workspace, actor: prefix, nowMs: c.get('nowMs') };
}
