import {
  WorkflowEntrypoint,
  type WorkflowEvent,
  type WorkflowStep,
  type WorkflowStepConfig,
} from 'cloudflare:workers';
import { MIN_TRAINING_ROWS, type TrainingProblem } from '../../shared/train/plan-training.ts';
import { describe } from '../http/describe-failure.ts';
import { startRollout } from '../services/rollouts.ts';
import { finishRun, type RetrainParameters, type RunEnd, tidyAfterRun } from '../services/runs.ts';
import type { Scope } from '../services/scope.ts';
import { latestConfiguration } from '../store/flag-configurations.ts';
import { declarationOf, findVersion, type VersionRow } from '../store/versions.ts';
import { nameChallenger, registerChallenger } from './challenger.ts';
import { compareVersions, judge } from './comparison.ts';
import type { TrainerEnv } from './env.ts';
import { inTurn, type Turn } from './in-turn.ts';
import { whyNotSigned } from './retraining-key.ts';
import { runFiles } from './run-files.ts';
import { joinSnapshot, listRaw, readRaw, type Snapshot } from './snapshot/snapshot.ts';
import { advanceTraining, beginTraining, forgetTraining, type Training } from './training.ts';

type End = Omit<RunEnd, 'runId'>;
/** What is known so far: told at the end, however the run ends. */
type Found = Pick<RunEnd, 'version' | 'rows'>;
type Run = Turn & { event: WorkflowEvent<RetrainParameters>; found: Found };

/** A fifth is held out: this many labelled rows leave enough to train on. */
const MIN_ROWS = Math.ceil(MIN_TRAINING_ROWS / 0.8);
/** Publishers may take a name between its choice and its registration, but not for ever. */
const MAX_NAMES = 5;
/** Some hours: an end that is not written down leaves the run open. */
const PATIENT: WorkflowStepConfig = {
  retries: { limit: 100, delay: '2 minutes', backoff: 'constant' },
};

/**
 * Snapshot, train, register, compare, ask for a canary. Each step is bounded (100 raw objects, one fit)
 * and can be run again; what is large goes through R2.
 */
export class RetrainWorkflow extends WorkflowEntrypoint<TrainerEnv, RetrainParameters> {
  override async run(event: WorkflowEvent<RetrainParameters>, step: WorkflowStep): Promise<void> {
    const { runId } = event.payload;
    const run: Run = { event, step, found: {}, db: this.env.DB, holder: runId };
    let end: End;
    try {
      end = await this.retrain(run);
    } catch (error) {
      end = { status: 'failed', detail: error instanceof Error ? error.message : String(error) };
    }
    await step.do('finish', PATIENT, async () => {
      const finished = await finishRun(this.scope(run), { runId, ...run.found, ...end });
      // A run that is gone needs no end; whatever else went wrong may go right the next time.
      if (!finished.ok && finished.error.reason !== 'not_found')
        throw new Error(describe(finished.error).detail);
    });
    await step.do('tidy up', PATIENT, async () => {
      forgetTraining();
      await tidyAfterRun(this.env, event.payload);
    });
  }

  private scope({ event }: Run): Scope {
    const { workspace } = event.payload;
    return { env: this.env, workspace, actor: 'retraining', nowMs: Date.now() };
  }

  private async retrain(run: Run): Promise<End> {
    const { workspace, model } = run.event.payload;
    const key = this.env.RETRAINING_KEY;
    const noKey = await run.step.do('retraining key', () => whyNotSigned(this.scope(run), key));
    if (noKey) return { status: 'failed', detail: noKey };
    const champion = await inTurn(run, 'champion', () => this.champion(run));
    if (!champion) return { status: 'skipped', detail: `${model} has no champion to challenge.` };
    const declaration = declarationOf(champion);
    const snapshot = await this.snapshot(run, champion);
    run.found.rows = snapshot.rows;
    if (snapshot.rows < MIN_ROWS)
      return {
        status: 'skipped',
        detail: `Insufficient data: ${snapshot.rows} labelled predictions, ${MIN_ROWS} needed.`,
      };
    const files = runFiles(this.env.BUCKET, run.event.payload);
    const { BUCKET: bucket } = this.env;
    const training = { bucket, workspace, files, declaration, datasetSha256: snapshot.sha256 };
    const problem = await this.train(run, training);
    if (problem)
      return {
        status: problem.reason === 'wrong_rows' ? 'skipped' : 'failed',
        detail: problem.detail,
      };
    const challenger = await this.register(run, training, champion);
    run.found.version = challenger;
    const comparison = await inTurn(run, 'compare', () =>
      compareVersions(this.scope(run), { training, champion, challenger }),
    );
    const { isBetter, words } = judge(comparison, declaration.objective);
    const asked = isBetter
      ? await run.step.do('request canary', () => this.requestRollout(run, challenger, words))
      : 'Registered, not rolled out.';
    return { status: 'succeeded', detail: `${words} ${asked}` };
  }

  /** Kept as a step's result: a promotion while this trains must not change its parent. */
  private async champion({ event }: Run): Promise<VersionRow | null> {
    const { workspace, model } = event.payload;
    const { models } = await latestConfiguration(this.env.DB, workspace);
    const version = models[model]?.champion;
    return version ? findVersion(this.env.DB, { workspace, model, version }) : null;
  }

  private async snapshot(run: Run, champion: VersionRow): Promise<Snapshot> {
    const { workspace, model } = run.event.payload;
    const files = runFiles(this.env.BUCKET, run.event.payload);
    const source = { bucket: this.env.BUCKET, workspace, model };
    const declaration = declarationOf(champion);
    const slices = await inTurn(run, 'list raw objects', () => listRaw(source, files));
    for (let slice = 0; slice < slices; slice++)
      await inTurn(run, `read raw objects ${slice}`, () => readRaw(source, files, slice));
    return inTurn(run, 'join snapshot', () => joinSnapshot(source, files, { slices, declaration }));
  }

  private async train(run: Run, training: Training): Promise<TrainingProblem | null> {
    const planned = await inTurn(run, 'plan', () => beginTraining(training));
    if (!planned.ok) return planned.error;
    let next = planned.value;
    while (next !== null) {
      const name: string = next;
      next = await inTurn(run, name, () => advanceTraining(training, name));
    }
    return null;
  }

  private async register(run: Run, training: Training, champion: VersionRow): Promise<string> {
    const { model, runId } = run.event.payload;
    const retrainingKey = this.env.RETRAINING_KEY;
    for (let attempt = 1; ; attempt++) {
      const naming = await run.step.do(`name ${attempt}`, () =>
        nameChallenger(this.scope(run), model, run.event.timestamp.getTime()),
      );
      const options = { training, naming, champion, runId, retrainingKey };
      const registered = await inTurn(run, `register ${attempt}`, () =>
        registerChallenger(this.scope(run), options),
      );
      if (registered.ok) return naming.version;
      const { error } = registered;
      if (error.reason !== 'version_exists' || attempt === MAX_NAMES) {
        throw new Error(`${naming.version} was not registered: ${whyNotRegistered(error)}`);
      }
    }
  }

  private async requestRollout(run: Run, version: string, reason: string): Promise<string> {
    const { model } = run.event.payload;
    const { workspace } = this.scope(run);
    const row = await findVersion(this.env.DB, { workspace, model, version });
    const strategy = (row && declarationOf(row).rollout.strategy) ?? 'canary';
    const request = { model, version, strategy, reason };
    const started = await startRollout(this.scope(run), request);
    const named = strategy === 'canary' ? strategy : `${strategy} rollout`;
    return started.ok
      ? `A ${named} is under way.`
      : `No ${named}: ${describe(started.error).detail}`;
  }
}

type Unregistered = Extract<Awaited<ReturnType<typeof registerChallenger>>, { ok: false }>['error'];

function whyNotRegistered(error: Unregistered): string {
  switch (error.reason) {
    case 'no_retraining_key':
    case 'wrong_algorithm':
    case 'wrong_rows':
    case 'no_model':
      return error.detail;
    default:
      return describe(error).detail;
  }
}
