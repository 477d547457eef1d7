import type { WorkspaceHub } from './live/workspace-hub.ts';
import type { RetrainParameters } from './services/runs.ts';
import type { ModelTelemetry } from './telemetry/model-telemetry.ts';

/** What every service needs; the trainer Worker binds the same. */
export type Platform = {
  DB: D1Database;
  BUCKET: R2Bucket;
  HUB: DurableObjectNamespace<WorkspaceHub>;
  TELEMETRY: DurableObjectNamespace<ModelTelemetry>;
};

export type Env = Platform & {
  /** Absent where no trainer Worker is deployed: retraining then fails with that reason. */
  RETRAIN?: Workflow<RetrainParameters>;
  INGEST_LIMIT: RateLimit;
  API_LIMIT: RateLimit;
  AUTH_LIMIT: RateLimit;
  ALLOWED_ORIGINS: string;
};
