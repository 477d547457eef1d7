import type { ModelView, VersionView } from '../../shared/contracts/registry.ts';
import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';
import type { ServedModel } from '../store/flag-configurations.ts';
import { latestConfiguration } from '../store/flag-configurations.ts';
import type { ModelRow } from '../store/models.ts';
import { findModel, listModels } from '../store/models.ts';
import type { VersionRow } from '../store/versions.ts';
import { findVersion, listVersionNames, listVersions, manifestOf } from '../store/versions.ts';
import { NEW_MODEL } from './change-configuration.ts';
import type { Failure } from './failure.ts';
import type { Scope } from './scope.ts';

type Reader = Pick<Scope, 'env' | 'workspace'>;

export async function readModels({ env, workspace }: Reader): Promise<ModelView[]> {
  const [models, names, configuration] = await Promise.all([
    listModels(env.DB, workspace),
    listVersionNames(env.DB, workspace),
    latestConfiguration(env.DB, workspace),
  ]);
  return models.map((row) => {
    const versions = names.filter((name) => name.model === row.model).map((name) => name.version);
    return modelView(row, configuration.models[row.model] ?? NEW_MODEL, versions);
  });
}

export async function readModel(
  { env, workspace }: Reader,
  model: string,
): Promise<Result<ModelView, Failure>> {
  const [row, versions, configuration] = await Promise.all([
    findModel(env.DB, workspace, model),
    listVersionNames(env.DB, workspace),
    latestConfiguration(env.DB, workspace),
  ]);
  if (!row) return fail({ reason: 'not_found', what: `model ${model}` });
  const names = versions.filter((name) => name.model === model).map((name) => name.version);
  return ok(modelView(row, configuration.models[model] ?? NEW_MODEL, names));
}

export async function readVersions(
  reader: Reader,
  model: string,
): Promise<Result<VersionView[], Failure>> {
  const { env, workspace } = reader;
  const served = await readServed(reader, model);
  if (!served.ok) return served;
  const rows = await listVersions(env.DB, workspace, model);
  return ok(rows.map((row) => versionView(row, served.value)));
}

export async function readVersion(
  reader: Reader,
  name: { model: string; version: string },
): Promise<Result<VersionView, Failure>> {
  const { env, workspace } = reader;
  const row = await findVersion(env.DB, { workspace, ...name });
  if (!row) return fail({ reason: 'not_found', what: `version ${name.version} of ${name.model}` });
  const served = await readServed(reader, name.model);
  return served.ok ? ok(versionView(row, served.value)) : served;
}

async function readServed(
  { env, workspace }: Reader,
  model: string,
): Promise<Result<ServedModel, Failure>> {
  const [row, configuration] = await Promise.all([
    findModel(env.DB, workspace, model),
    latestConfiguration(env.DB, workspace),
  ]);
  if (!row) return fail({ reason: 'not_found', what: `model ${model}` });
  return ok(configuration.models[model] ?? NEW_MODEL);
}

const modelView = (row: ModelRow, served: ServedModel, versions: string[]): ModelView => ({
  model: row.model,
  title: row.title,
  champion: served.champion,
  challenger: served.challenger?.version ?? null,
  mlEnabled: served.mlEnabled,
  trafficPercentage: served.trafficBasisPoints / 100,
  fallbackOnError: served.fallbackOnError,
  versions,
});

const versionView = (row: VersionRow, served: ServedModel): VersionView => ({
  model: row.model,
  version: row.version,
  publishedAt: row.published_at,
  keyId: row.key_id,
  alias: aliasOf(row.version, served),
  manifest: manifestOf(row),
});

function aliasOf(version: string, served: ServedModel): VersionView['alias'] {
  if (served.champion === version) return 'champion';
  return served.challenger?.version === version ? 'challenger' : null;
}
