import { app } from './app.ts';
import type { Env } from './env.ts';
import { runScheduled } from './jobs/scheduled.ts';
import { WorkspaceHub } from './live/workspace-hub.ts';
import { ModelTelemetry } from './telemetry/model-telemetry.ts';

export { ModelTelemetry, WorkspaceHub };

export default {
  fetch: app.fetch,
  async scheduled(controller: ScheduledController, env: Env): Promise<void> {
    await runScheduled(env, controller.scheduledTime);
  },
} satisfies ExportedHandler<Env>;
