import type { Platform } from '../env.ts';

/** On whose behalf, where and when a command runs. */
export type Scope = {
  env: Platform;
  workspace: string;
  /** Who the audit names: a key's prefix, `cron`, `fold` or `retraining`. */
  actor: string;
  nowMs: number;
};
