import { availableParallelism } from 'node:os';
import { ok, type Result } from '../../shared/core/result.ts';
import { createRng } from '../../shared/core/rng.ts';
import { usualMembers } from '../../shared/learn/automl/choose-members.ts';
import {
  defaultObjective,
  type Objective,
  objectivesOf,
} from '../../shared/learn/automl/objective.ts';
import { startAutoMl } from '../../shared/learn/automl/session.ts';
import type { CalibrationMethod } from '../../shared/learn/calibration/calibration.ts';
import { ALGORITHMS, findAlgorithm } from '../../shared/learn/catalogue.ts';
import { pipelineModel } from '../../shared/learn/ensemble/model-choice.ts';
import { fitPipeline } from '../../shared/learn/pipeline.ts';
import type { PipelineData } from '../../shared/learn/pipeline-data.ts';
import { firstOutside } from '../../shared/learn/target-range.ts';
import { describeSplitError } from '../../shared/table/split/split.ts';
import { type CliFailure, failed } from '../failure.ts';
import { calibrateChosen } from './fit-calibration.ts';
import type { FitCall, Fitted } from './fit-call.ts';
import { intervalOf } from './fit-interval.ts';
import { watchInterruption } from './interruption.ts';
import { describeMemory, type MemoryReport, planMemory, reportMemory } from './memory-budget.ts';
import { startProgress } from './progress.ts';
import { describeLoss, runSearch, type SearchOutcome } from './run-search.ts';

const BUDGET_SECONDS = 60;

/** The best of many within the budget; Ctrl-C ends the search and keeps the best so far. */
export async function searchAuto(
  { context, flags, tell }: FitCall,
  data: PipelineData,
): Promise<Result<Fitted, CliFailure>> {
  const objective = objectiveOf(flags.objective, data);
  if (!objective.ok) return objective;
  const asked = flags.threads ?? availableParallelism();
  const planned =
    flags.budgetMb === undefined
      ? ok(null)
      : planMemory(data, { budgetMb: flags.budgetMb, threads: asked });
  if (!planned.ok) return planned;
  const budget = planned.value;
  const algorithms = ALGORITHMS.filter(
    (algorithm) => algorithm.isExported && firstOutside(algorithm, data.table.target) === null,
  ).map(({ name }) => name);
  const maxMembers = usualMembers(data.table.rows);
  const session = startAutoMl(data, {
    ...{ objective: objective.value, seed: flags.seed, algorithms, maxMembers },
    memory: budget?.memory,
  });
  if (!session.ok)
    return failed(
      'rows',
      `${describeSplitError(session.error)} A search compares by folds: add rows, or name one --algorithm.`,
    );
  const interruption = watchInterruption(() => tell('Interrupted: keeping the best so far.'));
  const progress = startProgress(context);
  const outcome = await runSearch({
    ...{ data, session: session.value, objective: objective.value, progress, tell },
    budgetSeconds: flags.budgetSeconds ?? BUDGET_SECONDS,
    threads: budget?.threads ?? asked,
    watch: budget?.watch,
    maxTrials: flags.trials ?? null,
    isInterrupted: interruption.happened,
  });
  progress.end();
  interruption.end();
  const memory = budget && reportMemory(budget, session.value.limited());
  return outcome.fitted === null
    ? uncompared(data, { seed: flags.seed, outcome, memory })
    : compared(
        { ...outcome, fitted: outcome.fitted },
        { data, objective: objective.value, memory, method: flags.calibrate },
      );
}

type Compared = SearchOutcome & { fitted: NonNullable<SearchOutcome['fitted']> };

type Comparison = {
  data: PipelineData;
  objective: Objective;
  memory: MemoryReport | null;
  method: CalibrationMethod | undefined;
};

function compared(
  { fitted, counts, isDeterministic }: Compared,
  { data, objective, memory, method }: Comparison,
): Result<Fitted, CliFailure> {
  const { weights, choice, model } = fitted;
  const calibrated = calibrateChosen(fitted.predictor, data, {
    ...{ outOfFold: choice.outOfFold, method },
  });
  if (!calibrated.ok) return calibrated;
  const predictor = calibrated.value;
  const interval = intervalOf(data, choice.outOfFold);
  const broken = counts.failed > 0 ? ` (${counts.failed} failed)` : '';
  const score = describeLoss(objective, choice.loss);
  return ok({
    ...{ predictor, model, weights, isDeterministic, interval, memory },
    sentences: [
      `Tried ${counts.tried} candidates${broken}; ${score} by cross-validation.`,
      ...describeMemory(memory),
    ],
  });
}

type Uncompared = { seed: number; outcome: SearchOutcome; memory: MemoryReport | null };

/** A quick algorithm by its defaults, where there was no time to compare any: better than nothing. */
function uncompared(
  data: PipelineData,
  { seed, outcome: { counts }, memory }: Uncompared,
): Result<Fitted, CliFailure> {
  if (counts.firstFailure !== null && counts.failed === counts.finished)
    return failed(
      'no_model',
      `None of ${counts.failed} candidates could be fitted. The first was ${counts.firstFailure}.`,
    );
  const isTooSmall = counts.tooLarge > 0 && counts.failed + counts.tooLarge === counts.finished;
  const why = isTooSmall
    ? 'No candidate stayed within the memory budget'
    : 'There was no time to compare';
  const name = data.task === 'regression' ? 'ridge' : 'logistic-regression';
  const algorithm = findAlgorithm(name, data.task);
  if (algorithm === undefined) throw new Error(`Broken invariant: no ${name} for ${data.task}`);
  return ok({
    predictor: fitPipeline(data, { algorithm }, { rng: createRng(seed) }),
    model: pipelineModel({ algorithm }),
    ...{ weights: [1], isDeterministic: false, interval: null, memory },
    sentences: [
      `${why}: this is ${name}, nothing calibrated; of ${counts.tried} candidates begun none was done.`,
      ...describeMemory(memory),
    ],
  });
}

function objectiveOf(
  name: string | undefined,
  { task }: PipelineData,
): Result<Objective, CliFailure> {
  if (name === undefined) return ok(defaultObjective(task));
  const known = objectivesOf(task).find((objective) => objective === name);
  if (known !== undefined) return ok(known);
  return failed(
    'wrong_usage',
    `A ${task} is not compared by "${name}" but by ${objectivesOf(task).join(', ')}.`,
  );
}
