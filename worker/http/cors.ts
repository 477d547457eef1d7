import type { Context, MiddlewareHandler } from 'hono';
import { MINUTE_MS } from '../../shared/core/time.ts';
import { createIsolateCache } from '../services/isolate-cache.ts';
import { isAllowedOrigin } from '../store/allowed-origins.ts';
import type { AppEnv } from './context.ts';

const METHODS = 'GET, HEAD, POST, PUT, PATCH, OPTIONS';
const REQUEST_HEADERS =
  'Authorization, X-API-Key, Content-Type, Content-Digest, Content-Encoding, Edgewise-Sent-At, If-None-Match, Range';
const RESPONSE_HEADERS = 'ETag, Retry-After, Content-Range, Accept-Ranges, Content-Length';
const ORIGIN_TTL_MS = MINUTE_MS;
/** Scheme, the longest name DNS has, port. What is longer is not worth remembering. */
const LONGEST_ORIGIN = 280;

const decisions = createIsolateCache<boolean>(1000);

/**
 * Tells browsers which other origins may read answers. A preflight carries no key, so it is answered
 * for an origin that any workspace allows; the answer itself only for the key's own workspace.
 */
export function cors(): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const origin = c.req.header('Origin');
    if (c.req.method === 'OPTIONS' && origin) return preflight(c, origin);
    await next();
    if (!origin) return;
    c.res.headers.append('Vary', 'Origin');
    const workspace = c.get('caller')?.workspace ?? null;
    if (!(await isAllowed(c, origin, workspace))) return;
    c.res.headers.set('Access-Control-Allow-Origin', origin);
    c.res.headers.set('Access-Control-Expose-Headers', RESPONSE_HEADERS);
  };
}

async function preflight(c: Context<AppEnv>, origin: string): Promise<Response> {
  const headers = new Headers({ Vary: 'Origin' });
  if (await isAllowed(c, origin, null)) {
    headers.set('Access-Control-Allow-Origin', origin);
    headers.set('Access-Control-Allow-Methods', METHODS);
    headers.set('Access-Control-Allow-Headers', REQUEST_HEADERS);
    headers.set('Access-Control-Max-Age', '600');
  }
  return new Response(null, { status: 204, headers });
}

async function isAllowed(
  c: Context<AppEnv>,
  origin: string,
  workspace: string | null,
): Promise<boolean> {
  if (origin.length > LONGEST_ORIGIN) return false;
  if (c.env.ALLOWED_ORIGINS.split(',').includes(origin)) return true;
  const nowMs = Date.now();
  const key = `${workspace ?? ''} ${origin}`;
  const known = decisions.get(key, nowMs);
  if (known !== undefined) return known;
  const allowed = await isAllowedOrigin(c.env.DB, origin, workspace);
  decisions.set(key, allowed, nowMs + ORIGIN_TTL_MS);
  return allowed;
}
