import type { Loss } from '../boosting/loss.ts';
import { runLoop } from '../boosting/run-loop.ts';
import type { ScoredRows } from '../boosting/scored-rows.ts';
import { bestQuadrants } from './pair-surface.ts';
import { fitSteps, type StepOptions, type StepSums } from './step-function.ts';
import type { Term } from './terms.ts';

/** A part of the rows to learn from, another to stop by. */
export type Bag = {
  train: ScoredRows;
  /** The same scores and targets; no rows: nothing stops but `maxRounds`. */
  validation: ScoredRows;
};

export type CyclicOptions = StepOptions & {
  learningRate: number;
  maxRounds: number;
  /** Rounds without a lower validation loss after which a bag ends. */
  patience: number;
  isTimeUp?: () => boolean;
};

/** By table row. */
export type RowDerivatives = { gradients: Float32Array; hessians: Float32Array };

/**
 * Boosts the terms in turn, a small step each, until a round has not lowered the validation loss for
 * a while; the terms are left as they were at the lowest (Lou et al. 2012; Nori et al. 2019).
 * Derivatives are those of the loss at the start of a round and of its quadratic model within it;
 * several raw scores are boosted as if the others stood still.
 * @param terms by raw score
 * @param bag its scores are moved on with the terms
 */
export function boostTerms(
  terms: readonly (readonly Term[])[],
  bag: Bag,
  { loss, derivatives, ...options }: CyclicOptions & { loss: Loss; derivatives: RowDerivatives },
): void {
  const workspaces = terms.map((own) => own.map(createWorkspace));
  const { train, validation } = bag;
  const watched = () => (validation.rows.length > 0 ? loss.meanLoss(validation) : 0);
  let lowest = watched();
  let best = valuesOf(terms);
  let since = 0;
  for (let round = 0; round < options.maxRounds && since < options.patience; round++) {
    if (options.isTimeUp?.()) break;
    loss.beforeRound?.(train);
    terms.forEach((own, output) => {
      loss.fill(train, output, derivatives);
      stepTerms({ terms: own, workspaces: workspaces[output], output }, bag, {
        ...options,
        derivatives,
      });
    });
    const reached = watched();
    if (validation.rows.length > 0 && !(reached < lowest)) since++;
    else {
      lowest = reached;
      best = valuesOf(terms);
      since = 0;
    }
  }
  terms.forEach((own, output) => {
    own.forEach((term, t) => {
      const step = best[output][t].map((value, i) => value - term.values[i]);
      term.values.set(best[output][t]);
      for (const { rows, scores } of [train, validation])
        runLoop(addToScores, { cells: term.cells, step, rows }, scores[output]);
    });
  });
}

const valuesOf = (terms: readonly (readonly Term[])[]): Float64Array[][] =>
  terms.map((own) => own.map(({ values }) => values.slice()));

/** One step of each term of a raw score. */
function stepTerms(
  {
    terms,
    workspaces,
    output,
  }: { terms: readonly Term[]; workspaces: Workspace[]; output: number },
  { train, validation }: Bag,
  { derivatives, ...options }: CyclicOptions & { derivatives: RowDerivatives },
): void {
  const scores = train.scores[output];
  const { rows } = train;
  let last: Moving = { cells: terms[0].cells, step: new Float64Array(256) };
  terms.forEach((term, t) => {
    const { sums } = workspaces[t];
    sums.fill(0);
    runLoop(moveAndSum, { rows, scores, derivatives, last, cells: term.cells }, sums);
    last = { cells: term.cells, step: stepTerm(term, workspaces[t], options) };
    runLoop(addToScores, { ...last, rows: validation.rows }, validation.scores[output]);
  });
  runLoop(addToScores, { ...last, rows }, scores);
}

/** A step of a term, and the cell of each table row. */
type Moving = { cells: Uint8Array; step: Float64Array };

type Workspace = { sums: StepSums; spare: Float64Array; step: Float64Array; order: Uint32Array };

const createWorkspace = ({ values }: Term): Workspace => ({
  sums: new Float64Array(3 * values.length),
  spare: new Float64Array(3 * values.length),
  step: new Float64Array(values.length),
  order: Uint32Array.from(values.keys()),
});

/** Moves a term's values by its step, which is returned. */
function stepTerm(term: Term, workspace: Workspace, options: CyclicOptions): Float64Array {
  const { sums, step } = workspace;
  if (term.features.length === 2) stepPair(term, workspace, options);
  else if (term.isNominal) stepNominal(workspace, options);
  else fitSteps(sums, options, step);
  for (let i = 0; i < step.length; i++) {
    step[i] *= options.learningRate;
    term.values[i] += step[i];
  }
  return step;
}

/** Levels are parted in the order of their own Newton steps (Fisher 1958). */
function stepNominal({ sums, spare, step, order }: Workspace, options: StepOptions): void {
  const own = (level: number) => sums[3 * level] / Math.max(1e-12, sums[3 * level + 1]);
  order.sort((a, b) => own(a) - own(b) || a - b);
  order.forEach((level, i) => {
    spare.set(sums.subarray(3 * level, 3 * level + 3), 3 * i);
  });
  const steps = new Float64Array(step.length);
  fitSteps(spare, options, steps);
  order.forEach((level, i) => {
    step[level] = sums[3 * level + 2] > 0 ? steps[i] : 0;
  });
}

function stepPair({ sizes }: Term, { sums, spare, step }: Workspace, options: StepOptions): void {
  const [rows, columns] = sizes;
  step.fill(0);
  const found = bestQuadrants({ sums, rows, columns }, spare, options.minSamplesLeaf);
  if (found === null) return;
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++)
      step[r * columns + c] = found.steps[(r < found.row ? 0 : 2) + (c < found.column ? 0 : 1)];
}

/**
 * Moves scores and gradients by the last term's step and sums them by the next term's cells, in one
 * pass: three passes took twice as long.
 */
function moveAndSum(
  from: {
    rows: Uint32Array;
    scores: Float32Array;
    derivatives: RowDerivatives;
    last: Moving;
    cells: Uint8Array;
  },
  into: StepSums,
): void {
  const { rows, scores } = from;
  const { gradients, hessians } = from.derivatives;
  const { cells: lastCells, step } = from.last;
  const { cells } = from;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const moved = step[lastCells[row]];
    const hessian = hessians[row];
    const gradient = gradients[row] + hessian * moved;
    gradients[row] = gradient;
    scores[row] += moved;
    const at = 3 * cells[row];
    into[at] += gradient;
    into[at + 1] += hessian;
    into[at + 2] += 1;
  }
}

function addToScores(
  { cells, step, rows }: Moving & { rows: Uint32Array },
  scores: Float32Array,
): void {
  for (let i = 0; i < rows.length; i++) scores[rows[i]] += step[cells[rows[i]]];
}
