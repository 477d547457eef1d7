import { WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from 'cloudflare:workers';
import { MIN_TRAINING_ROWS } from '../../shared/train/training-state.ts';
import { startRollout } from '../services/rollouts.ts';
import { finishRun, type RetrainParameters, type RunEnd } from '../services/runs.ts';
import type { Scope } from '../services/scope.ts';
import { latestConfiguration } from '../store/flag-configurations.ts';
import { declarationOf, findVersion, type VersionRow } from '../store/versions.ts';
import { type Comparison, nameChallenger, registerChallenger } from './challenger.ts';
import type { TrainerEnv } from './env.ts';
import { releaseLease, takeLease } from './lease.ts';
import { runFiles } from './run-files.ts';
import { joinSnapshot, listRaw, readRaw } from './snapshot/snapshot.ts';
import { advanceTraining, beginTraining, forgetTraining, type Training } from './training.ts';

type End = Omit<RunEnd, 'runId'>;

/** A fifth is held out: this many labelled rows leave enough to train on. */
const MIN_ROWS = Math.ceil(MIN_TRAINING_ROWS / 0.8);
const LEASE_WAIT = '20 seconds';

/**
 * Snapshot, train, compare, register, ask for a canary. Each step is bounded (100 raw objects, one
 * fold or 50 rounds) and can be run again; what is large goes through R2.
 */
export class RetrainWorkflow extends WorkflowEntrypoint<TrainerEnv, RetrainParameters> {
  override async run(event: WorkflowEvent<RetrainParameters>, step: WorkflowStep): Promise<void> {
    const { runId } = event.payload;
    let end: End;
    try {
      await this.waitForLease(runId, step);
      end = await this.retrain(event, step);
    } catch (error) {
      end = { status: 'failed', detail: error instanceof Error ? error.message : String(error) };
    }
    await step.do('finish', async () => {
      const finished = await finishRun(this.scope(event.payload), { runId, ...end });
      if (!finished.ok) throw new Error(`Run ${runId}: ${finished.error.reason}`);
      forgetTraining();
      await runFiles(this.env.BUCKET, event.payload).removeAll();
      await releaseLease(this.env.DB, runId);
    });
  }

  private scope({ workspace }: RetrainParameters): Scope {
    return { env: this.env, workspace, actor: 'retraining', nowMs: Date.now() };
  }

  private async waitForLease(runId: string, step: WorkflowStep): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const isTaken = await step.do(`lease ${attempt}`, () =>
        takeLease(this.env.DB, runId, Date.now()),
      );
      if (isTaken) return;
      await step.sleep(`wait ${attempt}`, LEASE_WAIT);
    }
  }

  private async retrain(event: WorkflowEvent<RetrainParameters>, step: WorkflowStep): Promise<End> {
    const { workspace, model, runId } = event.payload;
    const { BUCKET: bucket } = this.env;
    const files = runFiles(bucket, event.payload);
    const champion = await step.do('champion', () => this.champion(event.payload));
    if (!champion) return { status: 'skipped', detail: `${model} has no champion to challenge.` };
    const declaration = declarationOf(champion);
    const source = { bucket, workspace, model };
    const slices = await step.do('list raw objects', () => listRaw(source, files));
    for (let slice = 0; slice < slices; slice++)
      await step.do(`read raw objects ${slice}`, () => readRaw(source, files, slice));
    const snapshot = await step.do('join snapshot', () =>
      joinSnapshot(source, files, { slices, declaration }),
    );
    if (snapshot.rows < MIN_ROWS)
      return {
        status: 'skipped',
        rows: snapshot.rows,
        detail: `Insufficient data: ${snapshot.rows} labelled predictions, ${MIN_ROWS} needed.`,
      };
    const training = { bucket, workspace, files, declaration, datasetSha256: snapshot.sha256 };
    await this.train(training, runId, step);
    const naming = await step.do('name version', () =>
      nameChallenger(this.scope(event.payload), model, event.timestamp.getTime()),
    );
    const comparison = await step.do('register', () =>
      registerChallenger(this.scope(event.payload), {
        training,
        naming,
        champion,
        runId,
        retrainingKey: this.env.RETRAINING_KEY,
      }),
    );
    const verdict = judge(comparison, declaration.objective);
    const asked = verdict.isBetter
      ? await step.do('request canary', () =>
          this.requestCanary(event.payload, naming.version, verdict.words),
        )
      : 'Registered, not rolled out.';
    return {
      status: 'succeeded',
      version: naming.version,
      rows: snapshot.rows,
      detail: `${verdict.words} ${asked}`,
    };
  }

  /** Kept as a step's result: a promotion while this trains must not change its parent. */
  private async champion({ workspace, model }: RetrainParameters): Promise<VersionRow | null> {
    const { models } = await latestConfiguration(this.env.DB, workspace);
    const version = models[model]?.champion;
    return version ? findVersion(this.env.DB, { workspace, model, version }) : null;
  }

  private async train(training: Training, runId: string, step: WorkflowStep): Promise<void> {
    let next = await step.do('plan', () => beginTraining(training));
    while (next !== null) {
      const name: string = next;
      next = await step.do(name, async () => {
        await takeLease(this.env.DB, runId, Date.now());
        return advanceTraining(training, name);
      });
    }
  }

  private async requestCanary(
    parameters: RetrainParameters,
    version: string,
    reason: string,
  ): Promise<string> {
    const { model } = parameters;
    const started = await startRollout(this.scope(parameters), {
      model,
      version,
      strategy: 'canary',
      reason,
    });
    return started.ok ? 'A canary is under way.' : `No canary: ${started.error.reason}.`;
  }
}

function judge(
  { champion, challenger }: Comparison,
  objective: 'mae' | 'rmse',
): { isBetter: boolean; words: string } {
  const [was, is] = [champion[objective], challenger[objective]];
  const words = `${objective.toUpperCase()} on the newest fifth (${challenger.rows} rows): ${is.toFixed(3)}, champion ${was.toFixed(3)}.`;
  return { isBetter: is < was, words };
}
