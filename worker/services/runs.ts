import type { RunView } from '../../shared/contracts/registry.ts';
import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';
import type { Platform } from '../env.ts';
import { commit } from '../store/commit.ts';
import { latestConfiguration } from '../store/flag-configurations.ts';
import { releaseLease } from '../store/leases.ts';
import { findModel } from '../store/models.ts';
import { runPrefix } from '../store/r2-keys.ts';
import { removePrefix } from '../store/r2-prefix.ts';
import { endRun, findRun, insertRun, listRuns } from '../store/runs.ts';
import type { Failure } from './failure.ts';
import { tellHub } from './live.ts';
import type { Scope } from './scope.ts';
import { telemetryObject } from './telemetry-object.ts';

/** What the retraining Workflow is started with; its instance id is `runId`. */
export type RetrainParameters = {
  workspace: string;
  model: string;
  runId: string;
  trigger: RunView['trigger'];
};

export type Trainer = Pick<Workflow<RetrainParameters>, 'create' | 'get'>;
export type RunStart = { model: string; trigger: RunView['trigger']; runId: string; why: string };

/** Notes the run, then starts its Workflow. The id makes starting it twice one run. */
export async function startRun(
  scope: Scope,
  trainer: Trainer | undefined,
  start: RunStart,
): Promise<Result<RunView, Failure>> {
  const { model, trigger, runId } = start;
  const { DB } = scope.env;
  if (!(await findModel(DB, scope.workspace, model)))
    return fail({ reason: 'not_found', what: `model ${model}` });
  const { models } = await latestConfiguration(DB, scope.workspace);
  const labels = await telemetryObject(scope.env, {
    workspace: scope.workspace,
    model,
  }).countLabels();
  const run = newRun(scope, start, models[model]?.champion ?? null);
  const written = await commit(scope, {
    audit: { action: 'run.start', subject: `${model} ${runId}`, detail: start.why },
    statements: [insertRun(DB, scope.workspace, { run, labels })],
  });
  if (!written.ok) return fail({ reason: 'run_running', model });
  await tellHub(scope, [{ type: 'run', model, run }]);
  const launched = await launch(trainer, { workspace: scope.workspace, model, runId, trigger });
  if (launched.ok) return ok(run);
  return finishRun(scope, { runId, status: 'failed', detail: launched.error.detail });
}

const newRun = (scope: Scope, start: RunStart, parentVersion: string | null): RunView => ({
  id: start.runId,
  model: start.model,
  trigger: start.trigger,
  status: 'running',
  startedAt: new Date(scope.nowMs).toISOString(),
  endedAt: null,
  parentVersion,
  version: null,
  rows: null,
  detail: start.why,
});

type Launch = Result<{ created: boolean }, { reason: 'not_started'; detail: string }>;

/** Creates the Workflow instance; one that exists already under this id is the one. */
async function launch(trainer: Trainer | undefined, params: RetrainParameters): Promise<Launch> {
  if (!trainer)
    return fail({ reason: 'not_started', detail: 'No trainer Worker is bound here (RETRAIN).' });
  try {
    await trainer.create({ id: params.runId, params });
    return ok({ created: true });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    if (/already exists/i.test(detail)) return ok({ created: false });
    return fail({ reason: 'not_started', detail: `The trainer did not start: ${detail}` });
  }
}

/** What a Workflow instance never leaves again by itself. */
const ENDED: readonly InstanceStatus['status'][] = ['errored', 'terminated', 'complete'];

/**
 * Keeps an open run from being open for ever: starts it where a crash came between noting it and
 * starting its Workflow, ends it where the Workflow has ended and could not say so.
 */
export async function attendOpenRun(
  scope: Scope,
  trainer: Trainer | undefined,
  params: RetrainParameters,
): Promise<void> {
  const launched = await launch(trainer, params);
  if (!trainer || !launched.ok || launched.value.created) return;
  const { status, error } = await (await trainer.get(params.runId)).status();
  if (!ENDED.includes(status)) return;
  const detail = `The Workflow is ${status} and left no result${error ? `: ${error.message}` : '.'}`;
  await finishRun(scope, { runId: params.runId, status: 'failed', detail });
  await tidyAfterRun(scope.env, params);
}

/** Gives back what a run holds: its files between steps and the training lease. */
export async function tidyAfterRun(
  env: Platform,
  { workspace, runId }: Pick<RetrainParameters, 'workspace' | 'runId'>,
): Promise<void> {
  await releaseLease(env.DB, runId);
  await removePrefix(env.BUCKET, runPrefix(workspace, runId));
}

export type RunEnd = {
  runId: string;
  status: 'succeeded' | 'skipped' | 'failed';
  detail: string;
  version?: string;
  rows?: number;
};

/** What became of a run; the first to say so counts. */
export async function finishRun(scope: Scope, end: RunEnd): Promise<Result<RunView, Failure>> {
  const run = await findRun(scope.env.DB, scope.workspace, end.runId);
  if (!run) return fail({ reason: 'not_found', what: `run ${end.runId}` });
  if (run.status !== 'running') return ok(run);
  const ended: RunView = {
    ...run,
    status: end.status,
    detail: end.detail,
    version: end.version ?? null,
    rows: end.rows ?? null,
    endedAt: new Date(scope.nowMs).toISOString(),
  };
  const written = await commit(scope, {
    audit: {
      action: `run.${end.status}`,
      subject: `${run.model} ${run.id}`,
      detail: end.detail,
    },
    statements: [],
    compareAndSet: endRun(scope.env.DB, scope.workspace, ended),
  });
  if (!written.ok) return written;
  await tellHub(scope, [{ type: 'run', model: run.model, run: ended }]);
  return ok(ended);
}

export async function readRuns(
  reader: Pick<Scope, 'env' | 'workspace'>,
  model: string,
): Promise<Result<RunView[], Failure>> {
  if (!(await findModel(reader.env.DB, reader.workspace, model)))
    return fail({ reason: 'not_found', what: `model ${model}` });
  return ok(await listRuns(reader.env.DB, reader.workspace, model));
}
