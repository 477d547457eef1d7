import { Hono } from 'hono';
import * as v from 'valibot';
import { openConsoleSession } from '../services/console-sessions.ts';
import { addressOf } from './authenticate.ts';
import { readJson } from './body.ts';
import type { AppEnv } from './context.ts';
import { problemResponse } from './problem.ts';
import { respond } from './respond.ts';

const sessionRequest = v.object({ code: v.pipe(v.string(), v.minLength(20), v.maxLength(200)) });

export const consoleRoutes = new Hono<AppEnv>().post('/sessions', async (c) => {
  const { success } = await c.env.AUTH_LIMIT.limit({ key: addressOf(c) });
  if (!success) return problemResponse({ reason: 'rate_limited', retryAfterSeconds: 60 });
  const request = await readJson(c.req.raw, sessionRequest);
  if (!request.ok) return problemResponse(request.error);
  return respond(await openConsoleSession(c.env, request.value.code, Date.now()), { status: 201 });
});
