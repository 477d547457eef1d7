import { MINUTE_MS } from '../../shared/core/time.ts';
import { summarisedLoss } from '../../shared/decide/loss.ts';
import type { ChampionState } from '../../shared/decide/retrain.ts';
import { describeRetrain, shouldRetrain } from '../../shared/decide/retrain.ts';
import type { Env } from '../env.ts';
import { attendOpenRun, startRun } from '../services/runs.ts';
import type { Scope } from '../services/scope.ts';
import { telemetryObject } from '../services/telemetry-object.ts';
import type { VersionBins } from '../services/version-bins.ts';
import { loadVersionBins } from '../services/version-bins.ts';
import { latestConfiguration } from '../store/flag-configurations.ts';
import { allModels } from '../store/models.ts';
import { labelsAtLastRun, listOpenRuns, listRuns } from '../store/runs.ts';
import { findSummary } from '../store/summaries.ts';

/**
 * Once a minute, for every model: wakes its telemetry object (which folds, judges and moves the
 * rollout) and starts a retraining that is due. One model's failure does not stop the others.
 */
export async function runScheduled(env: Env, nowMs: number): Promise<void> {
  const models = await allModels(env.DB);
  for (const { workspace, model } of models) {
    const scope: Scope = { env, workspace, actor: 'cron', nowMs };
    await attempt(`tick ${workspace}/${model}`, () =>
      telemetryObject(env, { workspace, model }).tick(),
    );
    await attempt(`retrain ${workspace}/${model}`, () => retrainIfDue(scope, env, model));
  }
  await attempt('open runs', () => attendOpenRuns(env, nowMs));
}

async function attempt(what: string, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    console.error('cron', what, error);
  }
}

async function retrainIfDue(scope: Scope, env: Env, model: string): Promise<void> {
  const { workspace, nowMs } = scope;
  const served = (await latestConfiguration(env.DB, workspace)).models[model];
  if (!served?.champion) return;
  const bins = await loadVersionBins(env, { workspace, model, version: served.champion }, nowMs);
  if (!bins) throw new Error(`Broken invariant: ${model}@${served.champion} was never published`);
  const [lastRun] = await listRuns(env.DB, workspace, model);
  const labels = await telemetryObject(env, { workspace, model }).countLabels();
  const decision = shouldRetrain(
    bins.declaration.retraining,
    {
      newLabels: labels - (await labelsAtLastRun(env.DB, workspace, model)),
      lastRunAtMs: lastRun ? Date.parse(lastRun.startedAt) : null,
      runningRun: lastRun?.status === 'running',
      champion: await championState(scope, bins),
    },
    nowMs,
  );
  if (!decision.retrain) return;
  await startRun(scope, env.RETRAIN, {
    model,
    trigger: 'schedule',
    runId: `${workspace}-${model}-${Math.floor(nowMs / MINUTE_MS)}`,
    why: describeRetrain(decision),
  });
}

/** What the last summary says of the champion; nothing while the drift in it is of another version. */
async function championState(
  { env, workspace }: Scope,
  { version, declaration, knownLoss }: VersionBins,
): Promise<ChampionState | undefined> {
  if (!declaration.retraining.triggers) return undefined;
  const summary = await findSummary(env.DB, workspace, declaration.id);
  if (summary?.driftVersion !== version) return undefined;
  const { drift, versions } = summary;
  const served = versions.find((row) => row.version === version);
  const { loss, mean: tested } = knownLoss;
  const found = served ? summarisedLoss(loss, served) : null;
  return {
    driftedInputs: drift.filter(({ verdict }) => verdict === 'drift').length,
    inputs: drift.length,
    error: served && found ? { loss, ...found, outcomes: served.outcomes, tested } : null,
  };
}

async function attendOpenRuns(env: Env, nowMs: number): Promise<void> {
  for (const { id, ...run } of await listOpenRuns(env.DB)) {
    const scope: Scope = { env, workspace: run.workspace, actor: 'cron', nowMs };
    await attempt(`open run ${id}`, () => attendOpenRun(scope, env.RETRAIN, { ...run, runId: id }));
  }
}
