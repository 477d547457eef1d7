import { Worker } from 'node:worker_threads';
import { ok, type Result } from '../../shared/core/result.ts';
import { sharesOf } from '../../shared/learn/ensemble/fit-model.ts';
import {
  algorithmsOf,
  type ModelChoice,
  type PipelineModel,
  pipelinesOf,
} from '../../shared/learn/ensemble/model-choice.ts';
import type { FittedPipeline } from '../../shared/learn/pipeline.ts';
import { modelSettings } from '../../shared/learn/settings/fit-settings.ts';
import { describeSplitError } from '../../shared/table/split/split.ts';
import { type CliFailure, failed, messageOf } from '../failure.ts';
import { unknownColumns } from './bind-settings.ts';
import { FOLDS, fitAsked } from './fit-asked.ts';
import { notCalibrated } from './fit-calibration.ts';
import type { FitCall, Fitted } from './fit-call.ts';
import type { FitData } from './fit-data.ts';
import type { FitThreadAnswer, FitThreadData } from './fit-thread.ts';
import { watchInterruption } from './interruption.ts';
import { isDeterministic } from './known-algorithms.ts';
import { startProgress } from './progress.ts';

/** From about a second on a fit has a thread of its own, so that it can be watched and ended. */
const LONG_MULTIPLY_ADDS = 1e8;

/** What was chosen, fitted anew or on from a pipeline; anomaly scores are calibrated too. */
export async function fitOne(
  model: ModelChoice,
  data: FitData,
  call: FitCall,
): Promise<Result<Fitted, CliFailure>> {
  const { training, from } = data;
  const unknown = unknownColumns(model, training);
  if (unknown.length > 0)
    return failed('wrong_usage', 'The settings do not fit the file.', unknown);
  const { answer, isInterrupted } = isLong(model, data, call)
    ? await fitInThread(model, data, call)
    : { answer: fitHere(model, data, call), isInterrupted: false };
  if ('failure' in answer) {
    const why = `${whatIs(model)} could not be fitted: ${answer.failure}.`;
    return failed('no_model', `${why} Choose another --algorithm.`);
  }
  const { fitted } = answer;
  if (!fitted.ok) {
    if (call.flags.calibrate !== undefined) return notCalibrated(fitted.error, training.classes);
    if (fitted.error.reason === 'one_class') throw new Error('Broken invariant: not calibrated');
    return failed('rows', `An ensemble compares by folds: ${describeSplitError(fitted.error)}`);
  }
  const { predictor, anomaly } = fitted.value;
  const said = from === null ? model : goneOn(model, from);
  const isSame = algorithmsOf(model).every(isDeterministic) && !isInterrupted;
  return ok({
    ...{ predictor, model: said, weights: sharesOf(predictor) },
    ...{ isDeterministic: isSame, interval: null, anomaly },
    sentences: isInterrupted
      ? ['Interrupted: it was asked to end with what it had learnt so far.']
      : [],
  });
}

const whatIs = (model: ModelChoice): string =>
  model.type === 'pipeline' ? model.choice.algorithm.name : 'The ensemble';

function fitHere(model: ModelChoice, data: FitData, { flags }: FitCall): FitThreadAnswer {
  try {
    return { fitted: fitAsked(model, data, flags) };
  } catch (error) {
    return { failure: messageOf(error) };
  }
}

/** What goes on from a pipeline leaves to it what is not said, which settings would say. */
function isLong(model: ModelChoice, { training, from }: FitData, { flags }: FitCall): boolean {
  const { rows, columns } = training.table;
  const fits = model.type === 'ensemble' || flags.calibrate !== undefined ? FOLDS + 1 : 1;
  const costs = pipelinesOf(model).map(({ choice }) => choice.algorithm.cost(rows, columns.length));
  return from === null && fits * costs.reduce((sum, cost) => sum + cost, 0) > LONG_MULTIPLY_ADDS;
}

const SHOWN_EVERY_MS = 500;

/** Shows how long it takes; Ctrl-C asks an algorithm that learns in rounds to end with those it has. */
async function fitInThread(
  model: ModelChoice,
  { training, from }: FitData,
  { context, flags, tell }: FitCall,
): Promise<{ answer: FitThreadAnswer; isInterrupted: boolean }> {
  const interrupted = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const { seed, calibrate, threshold } = flags;
  const given: FitThreadData = {
    settings: modelSettings(model),
    isCatalogued: algorithmsOf(model).every(isDeterministic),
    data: { training, from },
    flags: { seed, calibrate, threshold },
    interrupted,
  };
  const progress = startProgress(context);
  const shown = setInterval(() => progress.show(null, whatIs(model)), SHOWN_EVERY_MS);
  const interruption = watchInterruption(() => {
    Atomics.store(new Int32Array(interrupted), 0, 1);
    tell('Interrupted: it ends with what it has learnt so far, if it can; again ends without.');
  });
  const worker = new Worker(new URL('./fit-thread.ts', import.meta.url), { workerData: given });
  try {
    return { answer: await answerOf(worker), isInterrupted: interruption.happened() };
  } finally {
    clearInterval(shown);
    progress.end();
    interruption.end();
    await worker.terminate();
  }
}

const answerOf = (worker: Worker): Promise<FitThreadAnswer> =>
  new Promise((resolve) => {
    worker.once('message', resolve);
    worker.once('error', (error) => resolve({ failure: messageOf(error) }));
    worker.once('exit', (code) => resolve({ failure: `its thread ended with code ${code}` }));
  });

/** What it went on from decides what is not said anew. */
function goneOn(model: ModelChoice, { parameters }: FittedPipeline): ModelChoice {
  if (model.type === 'ensemble') return model;
  const choice = { ...model.choice, parameters: { ...parameters, ...model.choice.parameters } };
  return { ...model, choice } satisfies PipelineModel;
}
