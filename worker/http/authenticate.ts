import type { Context, MiddlewareHandler } from 'hono';
import { MINUTE_MS } from '../../shared/core/time.ts';
import { createIsolateCache } from '../services/isolate-cache.ts';
import { findCaller, isRememberedKey } from '../services/keys.ts';
import type { AppEnv } from './context.ts';
import { problemResponse } from './problem.ts';

type Access = 'publishable' | 'secret';
/** Addresses whose key failed within the last minute. */
const failures = createIsolateCache<true>(10_000);
const failed = {
  has: (address: string, nowMs: number) => failures.get(address, nowMs) === true,
  note: (address: string, nowMs: number) => failures.set(address, true, nowMs + MINUTE_MS),
};

type Options = {
  /** Event sources cannot send headers: a publishable key, and no other, may be in the query. */
  isInQuery?: boolean;
  /** OFREP answers 401 and 403 without a body. */
  isBodiless?: boolean;
  limit?: 'API_LIMIT' | 'INGEST_LIMIT';
};

/**
 * Lets a request through with a key of this access: a secret key opens what a publishable one does.
 * Failed keys are limited per address, the others per key and address. An address that failed a moment
 * ago asks the limit before the database hears of another key that this isolate does not know.
 */
export function authenticate(access: Access, options: Options = {}): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const nowMs = Date.now();
    const key = keyOf(c, options.isInQuery ?? false);
    const isSuspect = failed.has(addressOf(c), nowMs) && !isRememberedKey(key ?? '', nowMs);
    if (isSuspect && !(await mayFail(c))) return tooManyFailures();
    const caller = key === null ? null : await findCaller(c.env, key, nowMs);
    if (!caller) {
      failed.note(addressOf(c), nowMs);
      if (!isSuspect && !(await mayFail(c))) return tooManyFailures();
      return refuse(401, options, { reason: 'unauthenticated' });
    }
    if (access === 'secret' && caller.kind === 'publishable')
      return refuse(403, options, { reason: 'forbidden' });
    const { success } = await c.env[options.limit ?? 'API_LIMIT'].limit({
      key: `${caller.prefix}:${addressOf(c)}`,
    });
    if (!success) return problemResponse({ reason: 'rate_limited', retryAfterSeconds: 10 });
    c.set('caller', caller);
    c.set('nowMs', nowMs);
    await next();
  };
}

const mayFail = async (c: Context<AppEnv>): Promise<boolean> =>
  (await c.env.AUTH_LIMIT.limit({ key: addressOf(c) })).success;

const tooManyFailures = (): Response =>
  problemResponse({ reason: 'rate_limited', retryAfterSeconds: 60 });

function refuse(
  status: 401 | 403,
  { isBodiless }: Options,
  refusal: { reason: 'unauthenticated' | 'forbidden' },
): Response {
  return isBodiless ? new Response(null, { status }) : problemResponse(refusal);
}

export function keyOf(c: Context<AppEnv>, isInQuery: boolean): string | null {
  const bearer = /^Bearer (\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1];
  const inQuery = isInQuery ? c.req.query('key') : undefined;
  const isPublic = inQuery?.startsWith('pk_');
  return bearer ?? c.req.header('X-API-Key') ?? (isPublic ? inQuery : null) ?? null;
}

export const addressOf = (c: Context<AppEnv>): string =>
  c.req.header('CF-Connecting-IP') ?? 'unknown';
