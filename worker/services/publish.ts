import type { Declaration } from '../../shared/contracts/declaration.ts';
import { LIMITS } from '../../shared/contracts/limits.ts';
import type { Manifest, Signed } from '../../shared/contracts/manifest.ts';
import type { VersionView } from '../../shared/contracts/registry.ts';
import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';
import { commit } from '../store/commit.ts';
import { latestConfiguration } from '../store/flag-configurations.ts';
import { upsertModel } from '../store/models.ts';
import type { VersionRow } from '../store/versions.ts';
import { findVersion, insertVersion } from '../store/versions.ts';
import { changeConfiguration, NEW_MODEL, withModel } from './change-configuration.ts';
import { checkFiles, parseManifest } from './check-manifest.ts';
import type { Failure } from './failure.ts';
import { readVersion } from './models.ts';
import { findRevocation } from './revocations.ts';
import type { Scope } from './scope.ts';
import { misfitOf } from './task-mismatch.ts';
import { verifyTrusted } from './verify-signed.ts';

export type Publication = { model: string; version: string; signed: Signed };

/**
 * Registers a version: its manifest is signed by a key the workspace trusts, its files are all
 * here and say the same as the manifest, and it is of the use case that applications know. The same bytes again
 * are fine, other bytes never.
 */
export async function publishVersion(
  scope: Scope,
  publication: Publication,
): Promise<Result<{ created: boolean; view: VersionView }, Failure>> {
  const { model, version, signed } = publication;
  const verified = await verifyTrusted(scope, signed, ['publisher', 'retraining']);
  if (!verified.ok) return verified;
  const existing = await findVersion(scope.env.DB, { workspace: scope.workspace, model, version });
  if (existing) return republish(scope, publication, existing);
  const revoked = await findRevocation(scope, model, version);
  if (revoked) return fail({ reason: 'version_revoked', model, version, why: revoked.why });
  const manifest = parseManifest(verified.value, publication);
  if (!manifest.ok) return manifest;
  const files = await checkFiles(scope, manifest.value);
  if (!files.ok) return files;
  const misfit = await misfitOf(scope, manifest.value);
  if (misfit !== null) return fail({ reason: 'invalid', detail: misfit });
  const registered = await register(scope, {
    publication,
    manifest: manifest.value,
    declaration: files.value.declaration,
  });
  if (!registered.ok) return registered;
  const view = await readVersion(scope, publication);
  return view.ok ? ok({ created: registered.value.created, view: view.value }) : view;
}

async function republish(
  scope: Scope,
  { model, version, signed }: Publication,
  existing: VersionRow,
): Promise<Result<{ created: boolean; view: VersionView }, Failure>> {
  if (existing.payload !== signed.payload)
    return fail({ reason: 'version_exists', model, version });
  const view = await readVersion(scope, { model, version });
  return view.ok ? ok({ created: false, view: view.value }) : view;
}

type Registration = { publication: Publication; manifest: Manifest; declaration: Declaration };

async function register(
  scope: Scope,
  registration: Registration,
): Promise<Result<{ created: boolean }, Failure>> {
  const { model, version, signed } = registration.publication;
  const { DB } = scope.env;
  const statements = [
    upsertModel(DB, scope.workspace, {
      model,
      title: registration.declaration.title,
      createdAt: new Date(scope.nowMs).toISOString(),
    }),
    insertVersion(DB, scope.workspace, versionRow(registration, scope.nowMs)),
  ];
  const written = await write(scope, { model, version, keyId: signed.keyId, statements });
  if (written.ok) return ok({ created: true });
  const winner = await findVersion(DB, { workspace: scope.workspace, model, version });
  if (!winner) return written;
  if (winner.payload === signed.payload) return ok({ created: false });
  return fail({ reason: 'version_exists', model, version });
}

type Write = { model: string; version: string; keyId: string; statements: D1PreparedStatement[] };

/** A model's first version makes it known to the flags: its kill switch works before any rollout. */
async function write(
  scope: Scope,
  { model, version, keyId, statements }: Write,
): Promise<Result<null, Failure>> {
  const { DB } = scope.env;
  const audit = {
    action: 'version.publish',
    subject: `${model}@${version}`,
    detail: `signed by ${keyId}`,
  };
  const { models } = await latestConfiguration(DB, scope.workspace);
  if (Object.hasOwn(models, model)) return commit(scope, { audit, statements });
  if (Object.keys(models).length >= LIMITS.modelsPerWorkspace)
    return fail({ reason: 'too_many_models', limit: LIMITS.modelsPerWorkspace });
  return changeConfiguration<null>(scope, async (current) => {
    const taken = await findVersion(DB, { workspace: scope.workspace, model, version });
    if (taken) return fail({ reason: 'version_exists', model, version });
    const served = current.models[model] ?? NEW_MODEL;
    return ok({ next: withModel(current, model, served), statements, audit, value: null });
  });
}

function versionRow(registration: Registration, nowMs: number): VersionRow {
  const { publication, manifest, declaration } = registration;
  const reference = manifest.files.find((file) => file.role === 'reference');
  return {
    model: publication.model,
    version: publication.version,
    payload: publication.signed.payload,
    signature: publication.signed.signature,
    key_id: publication.signed.keyId,
    declaration: JSON.stringify(declaration),
    reference_sha256: reference!.sha256,
    published_at: new Date(nowMs).toISOString(),
  };
}
