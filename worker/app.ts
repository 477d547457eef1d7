import { Hono } from 'hono';
import { ofrepRoutes } from './compat/ofrep.ts';
import { artifactRoutes } from './http/artifacts.ts';
import { consoleRoutes } from './http/console-sessions.ts';
import type { AppEnv } from './http/context.ts';
import { cors } from './http/cors.ts';
import { modelRoutes } from './http/models.ts';
import { bugResponse, problemResponse } from './http/problem.ts';
import { registryRoutes } from './http/registry.ts';
import { securityHeaders } from './http/security-headers.ts';
import { streamRoutes } from './http/streams.ts';
import { telemetryRoutes } from './http/telemetry.ts';

/** Every route of the edge Worker, as docs/architecture.md lists them. */
export const app = new Hono<AppEnv>()
  .use(securityHeaders())
  .use(cors())
  .get('/health', (c) => c.json({ status: 'ok' }))
  .route('/ofrep/v1', ofrepRoutes)
  .route('/v1/artifacts', artifactRoutes)
  .route('/v1/telemetry', telemetryRoutes)
  .route('/v1/models', modelRoutes)
  .route('/v1/console', consoleRoutes)
  .route('/v1', streamRoutes)
  .route('/v1', registryRoutes)
  .notFound((c) => problemResponse({ reason: 'no_route', path: c.req.path }))
  .onError((error) => bugResponse(error));

export type AppType = typeof app;
