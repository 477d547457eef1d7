import type {
  AlertView,
  LedgerView,
  ModelSummary,
  ProfilesView,
} from '../../shared/contracts/registry.ts';
import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';
import { parseWindow, windowBounds } from '../../shared/decide/window.ts';
import { latestConfiguration } from '../store/flag-configurations.ts';
import { findModel } from '../store/models.ts';
import { findDeployment } from '../store/rollouts.ts';
import { findSummary, listAlerts } from '../store/summaries.ts';
import type { Failure } from './failure.ts';
import type { Scope } from './scope.ts';
import { telemetryObject } from './telemetry-object.ts';
import { loadVersionBins } from './version-bins.ts';

type Reader = Pick<Scope, 'env' | 'workspace'>;

/** What the last fold published. */
export async function readSummary(
  { env, workspace }: Reader,
  model: string,
): Promise<Result<ModelSummary, Failure>> {
  const summary = await findSummary(env.DB, workspace, model);
  if (summary) return ok(summary);
  if (!(await findModel(env.DB, workspace, model)))
    return fail({ reason: 'not_found', what: `model ${model}` });
  return ok(nothingYet(model));
}

/** Zero batches is a fact; every rate of them is unknown. */
const nothingYet = (model: string): ModelSummary => ({
  model,
  revision: 0,
  foldedAt: new Date(0).toISOString(),
  windowMs: 0,
  predictionsPerMinute: 0,
  versions: [],
  drift: [],
  driftVersion: null,
  totals: {
    batches: 0,
    events: 0,
    predictions: 0,
    outcomes: 0,
    incidents: 0,
    missing: 0,
    dropped: 0,
  },
  alerts: [],
});

/** What has been entered, whether folded or not. */
export async function readLedgerOf(
  { env, workspace }: Reader,
  model: string,
  device: string | null,
): Promise<Result<LedgerView, Failure>> {
  if (!(await findModel(env.DB, workspace, model)))
    return fail({ reason: 'not_found', what: `model ${model}` });
  const object = telemetryObject(env, { workspace, model, device: device ?? undefined });
  return ok(await object.readLedger(device));
}

const DEFAULT_WINDOW = '30d';

/**
 * The folded traffic of a window, by version, with what each version was trained on.
 * @param asked.version whose deployment `since-deploy` counts from; the champion's without it
 */
export async function readProfilesOf(
  scope: Pick<Scope, 'env' | 'workspace' | 'nowMs'>,
  model: string,
  asked: { window: string | null; version: string | null },
): Promise<Result<ProfilesView, Failure>> {
  const { env, workspace, nowMs } = scope;
  const spec = parseWindow(asked.window ?? DEFAULT_WINDOW);
  if (spec === null) return fail({ reason: 'invalid', detail: WINDOWS });
  if (!(await findModel(env.DB, workspace, model)))
    return fail({ reason: 'not_found', what: `model ${model}` });
  const deployedAtMs = spec.kind === 'since-deploy' ? await deployedAt(scope, model, asked) : null;
  const window = { kind: spec.kind, ...windowBounds(spec, { nowMs, deployedAtMs }) };
  return ok(await telemetryObject(env, { workspace, model }).readProfiles(window));
}

const WINDOWS = 'window must be like 90s, 45m, 12h or 30d, tumbling:7d, or since-deploy.';

async function deployedAt(
  { env, workspace, nowMs }: Pick<Scope, 'env' | 'workspace' | 'nowMs'>,
  model: string,
  asked: { version: string | null },
): Promise<number | null> {
  const served = (await latestConfiguration(env.DB, workspace)).models[model];
  const version = asked.version ?? served?.champion;
  const bins = version ? await loadVersionBins(env, { workspace, model, version }, nowMs) : null;
  return bins && findDeployment(env.DB, workspace, { model, ...bins });
}

export async function readAlerts(
  { env, workspace }: Reader,
  page: { model?: string; before: string | null; limit: number },
): Promise<Result<AlertView[], Failure>> {
  if (page.model !== undefined && !(await findModel(env.DB, workspace, page.model)))
    return fail({ reason: 'not_found', what: `model ${page.model}` });
  return ok(await listAlerts(env.DB, workspace, page));
}
