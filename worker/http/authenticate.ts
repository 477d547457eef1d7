import type { Context, MiddlewareHandler } from 'hono';
import { findCaller } from '../services/keys.ts';
import type { AppEnv } from './context.ts';
import { problemResponse } from './problem.ts';

type Access = 'publishable' | 'secret';
type Options = {
  /** Event sources cannot send headers: their key is in the query. */
  isInQuery?: boolean;
  /** OFREP answers 401 and 403 without a body. */
  isBodiless?: boolean;
  limit?: 'API_LIMIT' | 'INGEST_LIMIT';
};

/**
 * Lets a request through with a key of this access: a secret key opens what a publishable one does.
 * Failed keys are limited per address, the others per key and address.
 */
export function authenticate(access: Access, options: Options = {}): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const nowMs = Date.now();
    const key = keyOf(c, options.isInQuery ?? false);
    const caller = key === null ? null : await findCaller(c.env, key, nowMs);
    if (!caller) return refuseUnknown(c, options);
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

async function refuseUnknown(c: Context<AppEnv>, options: Options): Promise<Response> {
  const { success } = await c.env.AUTH_LIMIT.limit({ key: addressOf(c) });
  if (!success) return problemResponse({ reason: 'rate_limited', retryAfterSeconds: 60 });
  return refuse(401, options, { reason: 'unauthenticated' });
}

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
  return bearer ?? c.req.header('X-API-Key') ?? inQuery ?? null;
}

export const addressOf = (c: Context<AppEnv>): string =>
  c.req.header('CF-Connecting-IP') ?? 'unknown';
