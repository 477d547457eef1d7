import { resolve } from 'node:path';
import { ok, type Result } from '../../shared/core/result.ts';
import { createRng } from '../../shared/core/rng.ts';
import type { Algorithm } from '../../shared/learn/algorithm.ts';
import {
  defaultObjective,
  type Objective,
  objectivesOf,
} from '../../shared/learn/automl/objective.ts';
import type { PipelineData } from '../../shared/learn/pipeline-data.ts';
import { domainsOf, isInSpace } from '../../shared/learn/search/domain.ts';
import { gridSize } from '../../shared/learn/search/grid-sampler.ts';
import { joinParameters, joinSpaces } from '../../shared/learn/search/joined-space.ts';
import { type StopReason, stopReason } from '../../shared/learn/search/stop.ts';
import { resumeStudy, type Study } from '../../shared/learn/search/study.ts';
import type { Direction, Trial } from '../../shared/learn/search/trial.ts';
import { isClassification } from '../../shared/learn/task.ts';
import { kFold, stratifiedKFold } from '../../shared/table/split/k-fold.ts';
import { describeSplitError } from '../../shared/table/split/split.ts';
import { reporting } from '../command.ts';
import { type CliFailure, failed } from '../failure.ts';
import { checkOutFile } from '../out-path.ts';
import { type FitData, readFitData } from './fit-data.ts';
import { algorithmNames, findKnownAlgorithm } from './known-algorithms.ts';
import { startProgress } from './progress.ts';
import { readStudyFile, writeStudyFile } from './study-file.ts';
import type { TuneCall, TuneFlags } from './tune-call.ts';
import { prunerOf } from './tune-pruner.ts';
import { shownLoss, tuneReport } from './tune-report.ts';
import { runTrial, type Trials } from './tune-trial.ts';

const TEST_SHARE = 0.2;

/** Searches parameters on four fifths of the rows, and measures the best on the rest. */
export const runTune = reporting<TuneFlags, [string]>(async ({ context, flags, tell }, file) => {
  const startedMs = Date.now();
  const algorithms = await algorithmsOf(flags);
  if (!algorithms.ok) return algorithms;
  const objective = objectiveOf(flags);
  if (!objective.ok) return objective;
  const kept = await checkStudy(context.cwd, flags);
  if (!kept.ok) return kept;
  const read = await readFitData({
    ...{ path: resolve(context.cwd, file), testPath: null, target: flags.target },
    ...{ task: flags.task, seed: flags.seed, testShare: TEST_SHARE },
    algorithms: algorithms.value,
  });
  if (!read.ok) return read;
  const folds = foldsOf(read.value.training, flags);
  if (!folds.ok)
    return failed('rows', `${describeSplitError(folds.error)} Add rows, or lower --folds.`);
  let isInterrupted = false;
  const trials: Trials = {
    ...{ data: read.value.training, algorithms: algorithms.value, objective: objective.value },
    ...{ also: flags.also ?? [], atMost: flags.atMost ?? [], foldOf: folds.value },
    ...{ folds: flags.folds, seed: flags.seed },
    isInterrupted: () => isInterrupted,
  };
  const opened = await openStudy({ context, flags, tell }, read.value, trials);
  if (!opened.ok) return opened;
  const onInterrupt = () => {
    isInterrupted = true;
    tell('Interrupted: keeping the best so far.');
  };
  process.once('SIGINT', onInterrupt);
  const stopped = await search(opened.value, trials, { context, flags, tell, startedMs });
  process.removeListener('SIGINT', onInterrupt);
  const seconds = (Date.now() - startedMs) / 1000;
  return tuneReport(opened.value.study, trials, { data: read.value, flags, stopped, seconds });
});

async function algorithmsOf({
  algorithm,
  task,
}: TuneFlags): Promise<Result<Algorithm[], CliFailure>> {
  const found: Algorithm[] = [];
  for (const name of new Set(algorithm.split(','))) {
    const known = await findKnownAlgorithm(name, task);
    if (known === undefined) {
      const there = `There are ${(await algorithmNames(task)).join(', ')}.`;
      return failed('wrong_usage', `There is no algorithm "${name}" for ${task}. ${there}`);
    }
    found.push(known);
  }
  if (found.length === 1 && Object.keys(found[0].space).length === 0)
    return failed('wrong_usage', `${found[0].name} has no parameters to search.`);
  return ok(found);
}

function objectiveOf(flags: TuneFlags): Result<Objective, CliFailure> {
  const { objective, task, also, sampler, pruner = 'none' } = flags;
  if (also !== undefined && (sampler === 'gp' || sampler === 'cma-es'))
    return failed('wrong_usage', `${sampler} has one objective: leave out --also, or --sampler.`);
  if (also !== undefined && pruner !== 'none')
    return failed(
      'wrong_usage',
      `A trial is given up by one objective: leave out --also, or --pruner.`,
    );
  if (objective === undefined) return ok(defaultObjective(task));
  const known = objectivesOf(task).find((each) => each === objective);
  if (known !== undefined) return ok(known);
  const names = objectivesOf(task).join(', ');
  return failed('wrong_usage', `A ${task} is not compared by "${objective}" but by ${names}.`);
}

const checkStudy = async (cwd: string, { study }: TuneFlags): Promise<Result<null, CliFailure>> =>
  study === undefined ? ok(null) : checkOutFile(resolve(cwd, study));

function foldsOf(data: PipelineData, { folds, seed }: TuneFlags) {
  const options = { nSplits: folds, rng: createRng(seed) };
  return isClassification(data.task)
    ? stratifiedKFold(data.table.target, options)
    : kFold(data.table.rows, options);
}

type Opened = { study: Study; save: () => Promise<void> };

/** The study so far: an empty one, or what its file holds. */
async function openStudy(
  { context, flags, tell }: TuneCall,
  { sha256 }: FitData,
  { algorithms, objective, also, atMost }: Trials,
): Promise<Result<Opened, CliFailure>> {
  const space = joinSpaces(Object.fromEntries(algorithms.map((each) => [each.name, each.space])));
  const { target, task, folds, seed } = flags;
  const costs = also.length === 0 ? null : also.join();
  const limits = atMost.map(({ cost, limit }) => `${cost} ${limit}`).join() || null;
  const subject = {
    ...{ datasetSha256: sha256, target, task, objective, also: costs, folds, seed },
    atMost: limits,
  };
  const path = flags.study === undefined ? null : resolve(context.cwd, flags.study);
  const trials = path === null ? ok([]) : await readStudyFile(path, { subject, space });
  if (!trials.ok) return trials;
  const directions: Direction[] = ['minimize', ...also.map(() => 'minimize' as const)];
  const pruner = prunerOf(flags.pruner ?? (also.length === 0 ? 'median' : 'none'), folds);
  const sampler = { type: flags.sampler };
  const state = { space, directions, sampler, pruner, seed, trials: trials.value };
  const study = resumeStudy(state);
  for (const { number, state: now } of state.trials)
    if (now === 'running') study.tell(number, { state: 'failed' });
  if (state.trials.length > 0) tell(`Going on after ${state.trials.length} trials.`);
  return ok({
    study,
    save: async () => {
      if (path !== null) await writeStudyFile(path, { subject, state });
    },
  });
}

type Running = TuneCall & { startedMs: number };

async function search(
  { study, save }: Opened,
  trials: Trials,
  { context, flags, tell, startedMs }: Running,
): Promise<StopReason | 'interrupted'> {
  const progress = startProgress(context);
  const { space, sampler } = study.state;
  const most = sampler.type === 'grid' ? gridSize(domainsOf(space)) : flags.trials;
  const rules = {
    trials: Math.min(most, flags.trials),
    ...(flags.patience === undefined ? {} : { trialsWithoutImprovement: flags.patience }),
    ...(flags.budgetSeconds === undefined ? {} : { budgetMs: flags.budgetSeconds * 1000 }),
  };
  const reasonToStop = (): StopReason | 'interrupted' | null => {
    const state = { direction: 'minimize', elapsedMs: Date.now() - startedMs } as const;
    return trials.isInterrupted() ? 'interrupted' : stopReason(study.state.trials, state, rules);
  };
  // A search that begins has one trial, however little time there is.
  let stopped = study.state.trials.length === 0 ? null : reasonToStop();
  while (stopped === null) {
    const trial = nextTrial(study, trials);
    const end = await runTrial(study, trial, trials);
    if (typeof end === 'object')
      tell(`Trial ${trial.number} failed: ${end.failure.split('\n')[0]}`);
    await save();
    const done = study.state.trials.length / rules.trials;
    progress.show(done, `${study.state.trials.length} trials, ${shownLoss(study, trials)}`);
    stopped = reasonToStop();
  }
  progress.end();
  return stopped;
}

/** The defaults of each algorithm come first, where its space has them: no search does worse. A grid is its own. */
function nextTrial(study: Study, { algorithms }: Trials): Trial {
  const algorithm = algorithms[study.state.trials.length];
  if (algorithm === undefined || study.state.sampler.type === 'grid') return study.ask();
  const names = Object.keys(algorithm.space).filter((name) => name in algorithm.defaults);
  const defaults = Object.fromEntries(names.map((name) => [name, algorithm.defaults[name]]));
  return isInSpace(algorithm.space, defaults)
    ? study.ask(joinParameters(algorithm.name, defaults))
    : study.ask();
}
