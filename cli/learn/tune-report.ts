import { ok, type Result } from '../../shared/core/result.ts';
import type { Objective } from '../../shared/learn/automl/objective.ts';
import { pipelineModel } from '../../shared/learn/ensemble/model-choice.ts';
import { predictPipeline } from '../../shared/learn/pipeline.ts';
import { paretoFront } from '../../shared/learn/search/front/pareto-front.ts';
import {
  type ImportanceOptions,
  parameterImportances,
} from '../../shared/learn/search/importance/parameter-importance.ts';
import { CHOICE, splitJoined } from '../../shared/learn/search/joined-space.ts';
import type { Study } from '../../shared/learn/search/study.ts';
import { bestTrial, type Trial } from '../../shared/learn/search/trial.ts';
import { modelSettings } from '../../shared/learn/settings/fit-settings.ts';
import type { Report } from '../command.ts';
import { type CliFailure, failed } from '../failure.ts';
import type { FitData } from './fit-data.ts';
import { measure } from './measure.ts';
import type { TuneFlags } from './tune-call.ts';
import { choiceOf, fitTrial, type Trials } from './tune-trial.ts';

/** Areas are searched as what is missing to 1. */
const metricOf = (objective: Objective, loss: number): number =>
  objective.endsWith('_auc') ? 1 - loss : loss;

/** The best so far, in the terms of its metric. */
export function shownLoss(study: Study, { objective }: Trials): string {
  const best = bestTrial(study.state.trials, 'minimize');
  if (best === null) return 'none complete';
  return `best ${objective} ${metricOf(objective, best.values?.[0] ?? 0).toPrecision(5)}`;
}

function describeTrial(trial: Trial, { objective, also }: Trials) {
  const { choice, parameters } = splitJoined(trial.parameters);
  const [loss, ...costs] = trial.values ?? [];
  return {
    ...{ trial: trial.number, algorithm: choice, parameters },
    ...{ [objective]: metricOf(objective, loss) },
    ...Object.fromEntries(also.map((cost, i) => [cost, costs[i]])),
  };
}

type Ending = { data: FitData; flags: TuneFlags; stopped: string; seconds: number };

export function tuneReport(
  study: Study,
  trials: Trials,
  { data, flags, stopped, seconds }: Ending,
): Result<Report, CliFailure> {
  const { state } = study;
  const best = bestTrial(state.trials, 'minimize');
  if (best === null) return failed('no_model', 'No trial was complete: nothing was found.');
  const count = (of: Trial['state']): number => state.trials.filter((t) => t.state === of).length;
  const front = trials.also.length === 0 ? null : paretoFront(state.trials, state.directions);
  const importances = importancesOf(study, best, flags.seed);
  const all = Array.from({ length: data.training.table.rows }, (_, row) => row);
  const fitted = fitTrial(trials, best, all);
  const measured = measure(data.test, predictPipeline(fitted, data.test.table), {
    ...{ isLabelled: true, threshold: null },
  });
  const described = describeTrial(best, trials);
  return ok({
    json: {
      ...{ task: flags.task, objective: trials.objective, rows: data.training.table.rows },
      trials: { complete: count('complete'), pruned: count('pruned'), failed: count('failed') },
      ...{ best: described, front: front?.map((trial) => describeTrial(trial, trials)) ?? null },
      ...{ importances, metrics: { test: measured.metrics }, stopped, seconds },
      ...{ settings: modelSettings(pipelineModel(choiceOf(trials, best))) },
    },
    sentences: [
      `${state.trials.length} trials in ${seconds.toFixed(1)} s (${count('pruned')} pruned, ${count('failed')} failed).`,
      `${shownLoss(study, trials)} by ${flags.folds} folds: trial ${best.number}, ${described.algorithm} ${JSON.stringify(described.parameters)}`,
      measured.sentence,
      ...(front ?? []).map((trial) => JSON.stringify(describeTrial(trial, trials))),
      ...(importances ?? []).map(
        ({ parameter, importance }) => `  ${parameter}: ${(100 * importance).toFixed(0)} %`,
      ),
      'What --json prints is what `edgewise fit --settings FILE.json` takes.',
    ],
  });
}

/** Fewer complete trials than this say nothing of what matters. */
const LEAST_TRIALS = 10;

/** By functional ANOVA and by permutation, among the trials that share the best one's algorithm; null: too few. */
function importancesOf({ state }: Study, best: Trial, seed: number) {
  const alike = state.trials.filter((t) => t.parameters[CHOICE] === best.parameters[CHOICE]);
  if (alike.filter(({ state: now }) => now === 'complete').length < LEAST_TRIALS) return null;
  const by = (method: ImportanceOptions['method']) =>
    parameterImportances({ space: state.space, trials: alike }, { method, seed }) ?? [];
  const shuffled = new Map(by('permutation').map((each) => [each.parameter, each.importance]));
  const prefix = `${best.parameters[CHOICE]}.`;
  return by('fanova')
    .map(({ parameter, importance }) => ({
      parameter: parameter.startsWith(prefix) ? parameter.slice(prefix.length) : parameter,
      importance,
      permutation: shuffled.get(parameter) ?? 0,
    }))
    .filter(({ parameter }) => parameter !== CHOICE);
}
