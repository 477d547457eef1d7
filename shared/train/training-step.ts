import type { Input } from '../contracts/declaration.ts';
import { objectiveLoss } from '../learn/automl/objective.ts';
import { outputsOf } from '../learn/task.ts';
import { exportPipeline } from '../onnx/export-pipeline.ts';
import { type Table, takeRows } from '../table/table.ts';
import { fitCandidate, predictHeld } from './fit-candidate.ts';
import { foldRows } from './plan-training.ts';
import type { TrainingState, Trial } from './training-state.ts';

/** What the next step will do: fits of one algorithm on one fold, or the final one. */
export type TrainingStep =
  | { kind: 'fold'; candidates: number[]; fold: number }
  | { kind: 'final'; candidate: number };

/** Table and inputs that a training was planned on, the same rows in the same order. */
export type TrainingRows = { inputs: readonly Input[]; table: Table };

/**
 * Null when the model is there, or there will be none. Follows from the state alone, so that a training
 * resumed elsewhere goes on where it stopped.
 */
export function nextTrainingStep(state: TrainingState): TrainingStep | null {
  const { plan, tried, trials, best, model, problem } = state;
  if (model || problem !== null) return null;
  if (tried.length === plan.candidates.length)
    return best && { kind: 'final', candidate: best.candidate };
  const { algorithm } = plan.candidates[tried.length];
  const open = trials.filter((trial) => trial.problem === null);
  const fold = Math.min(...open.map(({ foldLosses }) => foldLosses.length), plan.folds);
  const candidates =
    trials.length === 0
      ? [...plan.candidates.keys()].filter((i) => plan.candidates[i].algorithm === algorithm)
      : open.filter(({ foldLosses }) => foldLosses.length === fold).map((trial) => trial.candidate);
  return {
    kind: 'fold',
    candidates: candidates.slice(0, plan.fitsPerStep[algorithm]),
    fold: trials.length === 0 ? 0 : fold,
  };
}

/** A step's name: unique within a training and the same at each run of it. */
export function trainingStepName(
  step: TrainingStep,
  { candidates, folds }: TrainingState['plan'],
): string {
  if (step.kind === 'final') return `${candidates[step.candidate].algorithm} on all rows`;
  const [first] = step.candidates;
  const last = step.candidates[step.candidates.length - 1];
  const which =
    first === last ? `candidate ${first + 1}` : `candidates ${first + 1} to ${last + 1}`;
  return `${candidates[first].algorithm}, ${which} of ${candidates.length}, fold ${step.fold + 1} of ${folds}`;
}

/** Does one bounded piece of work, in place. */
export function runTrainingStep(state: TrainingState, rows: TrainingRows): void {
  const step = nextTrainingStep(state);
  if (step === null) throw new Error('Broken invariant: the training is finished');
  if (step.kind === 'final') fitFinal(state, rows, step.candidate);
  else runFold(state, rows.table, step);
}

function runFold(
  state: TrainingState,
  table: Table,
  { candidates, fold }: { candidates: number[]; fold: number },
): void {
  const { plan, best } = state;
  if (state.trials.length === 0) state.trials = openTrials(plan, state.tried.length);
  const held = foldRows(plan.foldOf, fold);
  const heldTable = takeRows(table, held);
  const training = takeRows(table, foldRows(plan.foldOf, fold, true));
  const answers = predictHeld(plan, candidates, { training, held: heldTable });
  candidates.forEach((candidate, i) => {
    const trial = state.trials.find((other) => other.candidate === candidate)!;
    const answer = answers[i];
    if (typeof answer === 'string') {
      leave(trial, answer);
      return;
    }
    copyRows(answer, held, trial.outOfFold);
    trial.foldLosses.push(objectiveLoss(plan.objective, heldTable.target, answer));
    if (best && fold + 1 < plan.folds && isHopeless(trial.foldLosses, best.foldLosses))
      leave(trial, `far behind candidate ${best.candidate + 1} after ${fold + 1} folds`);
  });
  const isOver = ({ problem, foldLosses }: Trial) =>
    problem !== null || foldLosses.length === plan.folds;
  if (state.trials.every(isOver)) closeTrials(state, table.target);
}

/** A trial for each candidate of the algorithm whose first is `from`. */
function openTrials({ candidates, rows, task, classes }: TrainingState['plan'], from: number) {
  const size = rows * outputsOf(task, classes.length);
  const isSame = ({ algorithm }: { algorithm: string }) => algorithm === candidates[from].algorithm;
  return candidates.filter(isSame).map(
    (_, i): Trial => ({
      ...{ candidate: from + i, foldLosses: [], problem: null },
      outOfFold: new Float32Array(size),
    }),
  );
}

function copyRows(from: Float32Array, rows: Uint32Array, into: Float32Array): void {
  const outputs = from.length / rows.length;
  for (let i = 0; i < rows.length; i++)
    for (let k = 0; k < outputs; k++) into[rows[i] * outputs + k] = from[i * outputs + k];
}

function leave(trial: Trial, problem: string): void {
  trial.problem = problem;
  trial.outOfFold = new Float32Array(0);
}

/** Ties go to the candidate that comes first. */
function closeTrials(state: TrainingState, target: Float64Array): void {
  for (const trial of state.trials) {
    if (trial.problem !== null) {
      state.tried.push({ loss: null, problem: trial.problem });
      continue;
    }
    const loss = objectiveLoss(state.plan.objective, target, trial.outOfFold);
    if (!state.best || loss < state.best.loss) state.best = { ...trial, loss };
    state.tried.push({ loss, problem: null });
  }
  state.trials = [];
  const { candidates } = state.plan;
  if (state.best || state.tried.length < candidates.length) return;
  const why = state.tried.map((tried, i) => `${candidates[i].algorithm}: ${tried.problem}`);
  state.problem = `No candidate could be fitted. ${[...new Set(why)].join('; ')}.`;
}

/** Losses a quarter above the best's on the same folds are not made up on the others. */
const HOPELESS_RATIO = 1.25;

function isHopeless(losses: readonly number[], best: readonly number[]): boolean {
  const sum = losses.reduce((total, loss) => total + loss, 0);
  return sum > HOPELESS_RATIO * losses.reduce((total, _, fold) => total + best[fold], 0);
}

function fitFinal(state: TrainingState, { inputs, table }: TrainingRows, candidate: number): void {
  const exported = exportPipeline(fitCandidate(state.plan, { candidate, inputs, table }));
  if (exported.ok) state.model = exported.value;
  else state.problem = `The model has no ONNX graph: ${exported.error.detail}.`;
}
