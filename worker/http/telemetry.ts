import { Hono } from 'hono';
import { LIMITS } from '../../shared/contracts/limits.ts';
import { ingestBatch } from '../services/ingest.ts';
import { authenticate } from './authenticate.ts';
import { readBody } from './body.ts';
import type { AppEnv } from './context.ts';
import { scopeOf } from './context.ts';
import { problemResponse } from './problem.ts';
import { respond } from './respond.ts';

export const telemetryRoutes = new Hono<AppEnv>().post(
  '/batches',
  authenticate('publishable', { limit: 'INGEST_LIMIT' }),
  async (c) => {
    const body = await readBody(c.req.raw, LIMITS.batchCompressedBytes);
    if (!body.ok) return problemResponse(body.error);
    const sentAtMs = Number(c.req.header('Edgewise-Sent-At') ?? Number.NaN);
    return respond(
      await ingestBatch(scopeOf(c), {
        bytes: body.value,
        contentDigest: c.req.header('Content-Digest') ?? null,
        sentAtMs: Number.isFinite(sentAtMs) ? sentAtMs : null,
      }),
    );
  },
);
