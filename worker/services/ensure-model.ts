import { LIMITS } from '../../shared/contracts/limits.ts';
import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';
import { HOUR_MS } from '../../shared/core/time.ts';
import { commit } from '../store/commit.ts';
import { findModel, insertModelWithin } from '../store/models.ts';
import type { Failure } from './failure.ts';
import { createIsolateCache } from './isolate-cache.ts';
import type { Scope } from './scope.ts';

const seen = createIsolateCache<true>(1000);

/**
 * Makes a model known by its first telemetry: an app may ship its heuristic before any version is
 * published, and what it learns until then counts. Bounded, because browsers hold the key.
 */
export async function ensureModel(scope: Scope, model: string): Promise<Result<null, Failure>> {
  const key = `${scope.workspace}/${model}`;
  if (seen.get(key, scope.nowMs)) return ok(null);
  const { DB } = scope.env;
  if (!(await findModel(DB, scope.workspace, model))) {
    const limit = LIMITS.modelsPerWorkspace;
    const createdAt = new Date(scope.nowMs).toISOString();
    const row = { model, title: model, createdAt };
    const written = await commit(scope, {
      audit: { action: 'model.seen', subject: model, detail: 'by its first telemetry' },
      statements: [],
      compareAndSet: insertModelWithin(DB, scope.workspace, { row, limit }),
    });
    if (!written.ok && !(await findModel(DB, scope.workspace, model)))
      return fail({ reason: 'too_many_models', limit });
  }
  seen.set(key, true, scope.nowMs + HOUR_MS);
  return ok(null);
}
