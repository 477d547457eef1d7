import type { Context } from 'hono';
import { Hono } from 'hono';
import * as v from 'valibot';
import { signed } from '../../shared/contracts/manifest.ts';
import { readFlag, workspaceFlag, writeFlag } from '../services/own-flags.ts';
import { checkWith } from '../services/parse.ts';
import { readRevocations, replaceRevocations } from '../services/revocations.ts';
import { readAlerts } from '../services/telemetry-views.ts';
import { readTrustedKeys, trustedKeyRequest, trustKey } from '../services/trusted-keys.ts';
import { withdrawRevoked } from '../services/withdraw-revoked.ts';
import { listAudit } from '../store/audit.ts';
import { authenticate } from './authenticate.ts';
import { readJson } from './body.ts';
import type { AppEnv } from './context.ts';
import { scopeOf } from './context.ts';
import { problemResponse } from './problem.ts';
import { json, respond } from './respond.ts';

const secret = authenticate('secret');

const page = v.object({
  cursor: v.optional(v.pipe(v.string(), v.uuid()), undefined),
  limit: v.optional(
    v.pipe(v.string(), v.regex(/^\d{1,3}$/), v.transform(Number), v.minValue(1), v.maxValue(500)),
    '100',
  ),
});
const flagKey = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/));

export const registryRoutes = new Hono<AppEnv>()
  .get('/trusted-keys', secret, async (c) => json({ keys: await readTrustedKeys(scopeOf(c)) }))
  .put('/trusted-keys', secret, async (c) => {
    const request = await readJson(c.req.raw, trustedKeyRequest);
    if (!request.ok) return problemResponse(request.error);
    return respond(await trustKey(scopeOf(c), request.value));
  })
  .get('/revocations', secret, async (c) => json(await readRevocations(scopeOf(c))))
  .put('/revocations', secret, async (c) => {
    const request = await readJson(c.req.raw, signed);
    if (!request.ok) return problemResponse(request.error);
    const scope = scopeOf(c);
    const replaced = await replaceRevocations(scope, request.value);
    if (!replaced.ok) return problemResponse(replaced.error);
    const withdrawn = await withdrawRevoked(scope);
    return respond(withdrawn.ok ? replaced : withdrawn);
  })
  .get('/flags/:key', secret, async (c) => respond(await readFlag(scopeOf(c), c.req.param('key'))))
  .put('/flags/:key', secret, async (c) => {
    const key = checkWith(flagKey, c.req.param('key'), 'The key');
    if (!key.ok) return problemResponse(key.error);
    const request = await readJson(c.req.raw, workspaceFlag);
    if (!request.ok) return problemResponse(request.error);
    return respond(await writeFlag(scopeOf(c), key.value, request.value));
  })
  .get('/models/:model/alerts', secret, (c) => alertsPage(c, c.req.param('model')))
  .get('/alerts', secret, (c) => alertsPage(c))
  .get('/audit', secret, async (c) => {
    const asked = checkWith(page, c.req.query(), 'The query');
    if (!asked.ok) return problemResponse(asked.error);
    const { env, workspace } = scopeOf(c);
    const { cursor, limit } = asked.value;
    const entries = await listAudit(env.DB, workspace, { before: cursor ?? null, limit });
    return json({ entries, next: nextCursor(entries, limit) });
  });

async function alertsPage(c: Context<AppEnv>, model?: string): Promise<Response> {
  const asked = checkWith(page, c.req.query(), 'The query');
  if (!asked.ok) return problemResponse(asked.error);
  const { cursor, limit } = asked.value;
  const alerts = await readAlerts(scopeOf(c), { model, before: cursor ?? null, limit });
  if (!alerts.ok) return problemResponse(alerts.error);
  return json({ alerts: alerts.value, next: nextCursor(alerts.value, limit) });
}

/** The id to continue from, or null on the last page. */
const nextCursor = (items: { id: string }[], limit: number): string | null =>
  items.length < limit ? null : items[items.length - 1].id;
