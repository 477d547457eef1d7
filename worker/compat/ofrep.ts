import type { Context } from 'hono';
import { Hono } from 'hono';
import type { EvaluationContext, FlagConfiguration } from '../../shared/contracts/flags.ts';
import { LIMITS } from '../../shared/contracts/limits.ts';
import { toHex } from '../../shared/core/base64url.ts';
import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';
import { evaluateFlags } from '../../shared/decide/evaluate-flags.ts';
import { authenticate, keyOf } from '../http/authenticate.ts';
import { readBody } from '../http/body.ts';
import type { AppEnv } from '../http/context.ts';
import { readConfiguration } from '../services/flag-configuration.ts';
import { parseJson } from '../services/parse.ts';

const INACTIVITY_SECONDS = 120;

type EvaluationError = {
  reason: 'PARSE_ERROR' | 'INVALID_CONTEXT' | 'GENERAL';
  errorDetails: string;
};

const publishable = authenticate('publishable', { isBodiless: true });

/** OFREP 0.3: what OpenFeature providers ask. */
export const ofrepRoutes = new Hono<AppEnv>()
  .post('/evaluate/flags', publishable, async (c) => {
    const context = await readContext(c.req.raw);
    if (!context.ok) return badRequest(context.error);
    const configuration = await configurationOf(c);
    const body = JSON.stringify({
      flags: evaluateFlags(configuration, context.value),
      metadata: { configVersion: configuration.version },
      eventStreams: streamsOf(c),
    });
    const etag = await etagOf(configuration.version, body);
    const headers = {
      ETag: etag,
      'Cache-Control': 'private, no-cache',
      'Content-Type': 'application/json',
    };
    if (c.req.header('If-None-Match') === etag) return new Response(null, { status: 304, headers });
    return new Response(body, { headers });
  })
  .post('/evaluate/flags/:key', publishable, async (c) => {
    const key = c.req.param('key');
    const context = await readContext(c.req.raw);
    if (!context.ok) return badRequest(context.error, key);
    const [evaluation] = evaluateFlags(await configurationOf(c), context.value, key);
    return Response.json(evaluation, { status: statusOf(evaluation) });
  });

function statusOf(evaluation: object): number {
  if (!('errorCode' in evaluation)) return 200;
  return evaluation.errorCode === 'FLAG_NOT_FOUND' ? 404 : 400;
}

/** A provider that an event stream told of a version asks with it: then memory is not good enough. */
function configurationOf(c: Context<AppEnv>): Promise<FlagConfiguration> {
  const told = Number(c.req.query('flagConfigEtag') ?? Number.NaN);
  return readConfiguration(c.env, c.get('caller').workspace, {
    nowMs: c.get('nowMs'),
    knownVersion: Number.isInteger(told) ? told : undefined,
  });
}

async function readContext(request: Request): Promise<Result<EvaluationContext, EvaluationError>> {
  const body = await readBody(request, LIMITS.jsonBodyBytes);
  if (!body.ok) return fail({ reason: 'GENERAL', errorDetails: 'The body is too large.' });
  const parsed = parseJson(body.value, 'The body');
  if (!parsed.ok) return fail({ reason: 'PARSE_ERROR', errorDetails: parsed.error.detail });
  const context = (parsed.value as { context?: unknown } | null)?.context;
  if (typeof context !== 'object' || context === null || Array.isArray(context))
    return fail({ reason: 'INVALID_CONTEXT', errorDetails: 'The body needs an object `context`.' });
  const { targetingKey } = context as EvaluationContext;
  if (targetingKey !== undefined && typeof targetingKey !== 'string')
    return fail({ reason: 'INVALID_CONTEXT', errorDetails: 'targetingKey must be a string.' });
  return ok(context as EvaluationContext);
}

const badRequest = ({ reason, errorDetails }: EvaluationError, key?: string): Response =>
  Response.json({ key, errorCode: reason, errorDetails }, { status: 400 });

/** None for a key that is secret: a stream's URL carries the key, and URLs end up in logs. */
function streamsOf(c: Context<AppEnv>): object[] | undefined {
  return c.get('caller').kind === 'publishable' ? [streamOf(c)] : undefined;
}

function streamOf(c: Context<AppEnv>): object {
  const { origin } = new URL(c.req.url);
  const key = encodeURIComponent(keyOf(c, false) ?? '');
  return {
    type: 'sse',
    url: `${origin}/v1/stream?key=${key}`,
    inactivityDelaySec: INACTIVITY_SECONDS,
  };
}

/** Of version and body both: the same version answers another context with another body. */
async function etagOf(version: number, body: string): Promise<string> {
  const bytes = new TextEncoder().encode(`${version}\n${body}`);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return `"${toHex(digest).slice(0, 32)}"`;
}
