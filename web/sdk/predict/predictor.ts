import type { Task } from '../../../shared/contracts/declaration.ts';
import type { Manifest, Row } from '../../../shared/contracts/manifest.ts';
import type { Backend, FallbackReason } from '../../../shared/contracts/telemetry.ts';
import { classAt } from '../../../shared/use-case/binary-task.ts';
import type { ClientUseCase } from '../../../shared/use-case/define-use-case.ts';
import { type ValidRow, validateRow } from '../../../shared/use-case/validate-row.ts';
import type { Adapters } from '../adapters.ts';
import type { Ledger } from '../client/ledger.ts';
import { InputError, PredictionError } from '../errors.ts';
import type { Decision } from '../flags/decision.ts';
import type { ActiveModel } from '../model-cache/acquire.ts';
import type { ModelFollower } from '../model-cache/model-follower.ts';
import type { EventBody, RememberedPrediction } from '../outbox/records.ts';
import type { Prediction, PredictOptions } from '../types.ts';
import { isAnswer, modelFor, runModel } from './answer.ts';
import { LONGEST_MS, type ShadowRunner } from './shadow.ts';

export type PredictorOptions = {
  useCase: ClientUseCase;
  deadlineMs: number;
  decide: () => Decision;
  models: ModelFollower;
  ledger: Ledger;
  shadow: ShadowRunner;
  adapters: Pick<Adapters, 'nowMs' | 'monotonicMs'>;
};

type Answer = {
  value: number;
  /** By whose threshold it is a class: the version's, or for a fallback the declaration's. */
  task: Task;
  version: string | null;
  backend?: Backend;
  interval?: [number, number];
  reason?: FallbackReason;
};

type Made = {
  answer: Answer;
  valid: ValidRow;
  decision: Decision;
  latencyMs: number;
};

/** One row in, one answer out: the model's, or within its deadline the fallback's. */
export async function predictRow(
  input: unknown,
  options: PredictOptions,
  predictor: PredictorOptions,
): Promise<Prediction> {
  const { adapters, ledger } = predictor;
  const startedMs = adapters.monotonicMs();
  options.signal?.throwIfAborted();
  const valid = validateRow(predictor.useCase.inputs, input);
  if (!valid.ok) throw new InputError(valid.error.issues);
  const decision = predictor.decide();
  const deadlineMs = options.deadlineMs ?? predictor.deadlineMs;
  const answer = await answerRow(valid.value.row, decision, predictor, {
    deadlineMs,
    signal: options.signal,
  });
  const latencyMs = Math.max(0, adapters.monotonicMs() - startedMs);
  const made: Made = { answer, valid: valid.value, decision, latencyMs };
  const isRecorded = options.record ?? true;
  if (isRecorded && !ledger.outbox()) await within(deadlineMs - latencyMs, ledger.opening());
  const id = isRecorded ? recordPrediction(made, predictor) : null;
  if (id) predictor.shadow.observe({ id, row: made.valid.row, champion: championOf(made) });
  if (answer.reason && !decision.isFallbackAllowed) throw new PredictionError(answer.reason);
  return predictionOf(id, made);
}

const championOf = ({ answer }: Made): number | null => (answer.reason ? null : answer.value);

async function answerRow(
  row: Row,
  decision: Decision,
  { models, useCase }: PredictorOptions,
  options: { deadlineMs: number; signal?: AbortSignal },
): Promise<Answer> {
  const found = modelFor(decision, models);
  const ran = 'model' in found ? await runModel(found.model, [row], options) : found;
  if ('reason' in ran) {
    const isAssigned = !('model' in found) || isAssignedVersion(found.model, decision);
    // A fallback counts against the assigned version, which is not the one that failed here.
    const reason = isAssigned ? ran.reason : 'model_loading';
    return { value: fallbackValue(useCase, row), task: useCase.task, version: null, reason };
  }
  const { manifest } = ran.model;
  const value = ran.values[0];
  const backend = ran.model.session.backend();
  const interval = intervalOf(manifest, value);
  return { value, task: manifest.task, version: manifest.version, ...interval, backend };
}

function intervalOf({ interval }: Manifest, value: number): Pick<Answer, 'interval'> {
  return interval ? { interval: [value + interval.lower, value + interval.upper] } : {};
}

const isAssignedVersion = ({ manifest }: ActiveModel, { flag }: Decision): boolean =>
  flag?.status === 'assigned' && flag.version === manifest.version;

/** @throws Error when the declared heuristic breaks its promise to answer every valid row */
export function fallbackValue(useCase: ClientUseCase, row: Row): number {
  const value = useCase.fallback(row);
  if (isAnswer(useCase.task, value)) return value;
  const promised = useCase.task.type === 'binary' ? 'a probability in [0, 1]' : 'a finite number';
  throw new Error(`The fallback of ${useCase.id} answered ${value} instead of ${promised}`);
}

function recordPrediction(made: Made, { ledger, useCase, adapters }: PredictorOptions) {
  const outbox = ledger.outbox();
  if (!outbox) return null;
  const { answer, valid, decision, latencyMs } = made;
  const { flag, assignment } = decision;
  const remembered: RememberedPrediction = {
    predicted: answer.value,
    version: answer.version,
    assigned: flag?.status === 'assigned' && !decision.isKilled ? flag.version : null,
    source: answer.reason ? 'fallback' : 'model',
    ...groupOf(useCase, valid.row),
  };
  const event: EventBody = {
    type: 'prediction',
    at: adapters.nowMs(),
    source: remembered.source,
    ...(answer.reason ? { reason: answer.reason } : {}),
    version: answer.version,
    assigned: remembered.assigned,
    variant: assignment.variant,
    value: answer.value,
    ...(answer.interval ? { interval: answer.interval } : {}),
    latencyMs: Math.min(latencyMs, LONGEST_MS),
    ...(answer.backend ? { backend: answer.backend } : {}),
    ...(useCase.logging.features ? { features: valid.row } : {}),
    ...(valid.warnings.length > 0 ? { warnings: valid.warnings.length } : {}),
  };
  return ledger.record(outbox, event, remembered);
}

/** The declared sensitive input's value: errors of groups are compared by it. */
function groupOf({ sensitive }: ClientUseCase, row: Row): { group?: string } {
  const group = sensitive === undefined ? null : row[sensitive];
  return typeof group === 'string' ? { group } : {};
}

function predictionOf(id: string | null, { answer, valid, decision, latencyMs }: Made): Prediction {
  return {
    id,
    value: answer.value,
    ...decisionOf(answer),
    ...(answer.interval ? { interval: answer.interval } : {}),
    version: answer.version,
    source: answer.reason ? 'fallback' : 'model',
    ...(answer.reason ? { fallbackReason: answer.reason } : {}),
    assignment: decision.assignment,
    warnings: valid.warnings,
    latencyMs,
    input: valid.row,
  };
}

const decisionOf = ({ task, value }: Answer) =>
  task.type === 'binary' ? { label: classAt(task, value).value, threshold: task.threshold } : {};

/** Waits for `work`, but no longer than that: an answer without an id beats no answer. */
function within(timeMs: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.max(0, timeMs));
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    work.then(done, done);
  });
}
