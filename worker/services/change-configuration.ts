import type { LiveMessage } from '../../shared/contracts/registry.ts';
import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';
import type { AuditNote } from '../store/commit.ts';
import { commit } from '../store/commit.ts';
import type { ServedModel, StoredConfiguration } from '../store/flag-configurations.ts';
import { insertConfiguration, latestConfiguration } from '../store/flag-configurations.ts';
import type { Failure } from './failure.ts';
import { forgetConfiguration } from './flag-configuration.ts';
import { tellHub } from './live.ts';
import type { Scope } from './scope.ts';

/** The next configuration and what is written together with it. */
export type ConfigurationEdit<T> = {
  next: Omit<StoredConfiguration, 'version'>;
  statements?: D1PreparedStatement[];
  compareAndSet?: D1PreparedStatement;
  audit: AuditNote;
  messages?: LiveMessage[];
  value: T;
};

const ATTEMPTS = 8;

/**
 * The one way to change what is served: reads the newest configuration, lets `edit` decide on it,
 * and writes version n + 1 with everything else in one batch. A lost race decides again on what won.
 */
export async function changeConfiguration<T>(
  scope: Scope,
  edit: (current: StoredConfiguration) => Promise<Result<ConfigurationEdit<T>, Failure>>,
): Promise<Result<T, Failure>> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const current = await latestConfiguration(scope.env.DB, scope.workspace);
    const edited = await edit(current);
    if (!edited.ok) return edited;
    const { next, statements = [], compareAndSet, audit, messages = [], value } = edited.value;
    const configuration = { ...next, version: current.version + 1 };
    const createdAt = new Date(scope.nowMs).toISOString();
    const inserted = insertConfiguration(scope.env.DB, scope.workspace, {
      configuration,
      createdAt,
    });
    const written = await commit(scope, {
      audit,
      statements: [...statements, inserted],
      compareAndSet,
    });
    if (!written.ok) continue;
    forgetConfiguration(scope.workspace);
    await tellHub(scope, [
      { type: 'refetchEvaluation', etag: String(configuration.version) },
      ...messages,
    ]);
    return ok(value);
  }
  return fail({ reason: 'changed_meanwhile', what: 'the flag configuration' });
}

/** `current` with one model's entry replaced. */
export const withModel = (
  current: StoredConfiguration,
  model: string,
  served: ServedModel,
): StoredConfiguration => ({ ...current, models: { ...current.models, [model]: served } });

export const NEW_MODEL: ServedModel = {
  mlEnabled: true,
  trafficBasisPoints: 10_000,
  fallbackOnError: true,
  champion: null,
  challenger: null,
};
