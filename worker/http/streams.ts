import type { Context } from 'hono';
import { Hono } from 'hono';
import { openEventStream } from '../live/event-stream.ts';
import type { Channel } from '../live/workspace-hub.ts';
import { latestConfigurationVersion } from '../store/flag-configurations.ts';
import { authenticate } from './authenticate.ts';
import type { AppEnv } from './context.ts';

export const streamRoutes = new Hono<AppEnv>()
  .get('/stream', authenticate('publishable', { isInQuery: true }), (c) => open(c, 'flags'))
  .get('/live', authenticate('secret'), (c) => open(c, 'all'));

function open(c: Context<AppEnv>, channel: Channel): Promise<Response> {
  const { workspace } = c.get('caller');
  return openEventStream(c.env, {
    workspace,
    channel,
    signal: c.req.raw.signal,
    readVersion: () => latestConfigurationVersion(c.env.DB, workspace),
  });
}
