import { minimise } from '../linear/linear-program.ts';
import {
  type FairnessConstraint,
  type RateConstraints,
  rateConstraints,
} from './rate-constraints.ts';

/** A learner of weighted 0/1 labels: what it learned, and what that says of the training rows (0 or 1). */
export type WeightedLearner<Model> = (
  labels: Uint8Array,
  weights: Float64Array,
) => { model: Model; predictions: ArrayLike<number> };

export type GradientOptions = {
  constraint: FairnessConstraint;
  /** Largest difference of rates that is allowed. */
  eps?: number;
  maxIterations?: number;
  /** Gap at which it stops; without: half a standard error of the plain learner's error. */
  tolerance?: number;
};

/** One labelling that the learner came back with. */
type Hypothesis<Model> = { model: Model; error: number; violations: Float64Array; times: number };

export type Candidate = { weights: number[]; gap: number };

export type Game<Model> = {
  eps: number;
  /** Largest sum of multipliers: what a unit of violation costs at most. */
  bound: number;
  tolerance: number;
  constraints: RateConstraints;
  /** What the learner answers to these multipliers; the same answer twice is one hypothesis. */
  answer: (multipliers: ArrayLike<number>) => Hypothesis<Model>;
  hypotheses: Hypothesis<Model>[];
  /** Logarithms of the multipliers, to a constant; their running sum; the last answer. */
  theta: Float64Array;
  sum: Float64Array;
  last: Hypothesis<Model> | null;
  fits: number;
};

/** The game between a learner, who wants few errors, and prices on violations, before its first step. */
export function startGame<Model>(
  { truth, groups }: { truth: ArrayLike<number>; groups: readonly string[] },
  learn: WeightedLearner<Model>,
  { constraint, eps = 0.01, tolerance }: GradientOptions,
): Game<Model> {
  const constraints = rateConstraints(truth, groups, constraint);
  const size = 2 * constraints.cells;
  const known = new Map<string, Hypothesis<Model>>();
  const game: Game<Model> = {
    ...{ eps, bound: 1 / eps, tolerance: tolerance ?? 0, constraints },
    ...{ hypotheses: [], theta: new Float64Array(size), sum: new Float64Array(size), last: null },
    fits: 0,
    answer(multipliers) {
      const { labels, weights } = weigh(truth, constraints.costs(multipliers));
      const { model, predictions } = learn(labels, weights);
      game.fits++;
      const key = Array.from(predictions, (label) => (label ? '1' : '0')).join('');
      const found = known.get(key);
      if (found) return found;
      const error = errorOf(predictions, truth);
      const fresh = { model, error, violations: constraints.violations(predictions), times: 0 };
      known.set(key, fresh);
      game.hypotheses.push(fresh);
      return fresh;
    },
  };
  if (tolerance === undefined) {
    const { error } = game.answer(new Float64Array(size));
    game.tolerance = Math.max(1e-6, 0.5 * Math.sqrt((error * (1 - error)) / groups.length));
  }
  return game;
}

/** The label each row is better given, and by how much, in units of one row's error. */
function weigh(truth: ArrayLike<number>, costs: Float64Array) {
  const rows = truth.length;
  const labels = new Uint8Array(rows);
  const weights = new Float64Array(rows);
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const gain = (truth[i] === 1 ? 1 : -1) - rows * costs[i];
    labels[i] = gain > 0 ? 1 : 0;
    weights[i] = Math.abs(gain);
    total += weights[i];
  }
  if (total > 0) for (let i = 0; i < rows; i++) weights[i] *= rows / total;
  return { labels, weights };
}

function errorOf(predictions: ArrayLike<number>, truth: ArrayLike<number>): number {
  let wrong = 0;
  for (let i = 0; i < truth.length; i++) if ((predictions[i] ? 1 : 0) !== truth[i]) wrong++;
  return wrong / truth.length;
}

/** Both candidates of one step: the mean of the answers so far, and the best mixture of all that were found. */
export function stepGame<Model>(game: Game<Model>, step: number): Candidate {
  const multipliers = multipliersOf(game);
  multipliers.forEach((value, i) => {
    game.sum[i] += value;
  });
  game.last = game.answer(multipliers);
  game.last.times++;
  const mean = game.sum.map((value) => value / (step + 1));
  const byMean = withGap(game, () => game.hypotheses.map(({ times }) => times / (step + 1)), mean);
  const solved = bestMixture(game);
  const byProgram = solved && withGap(game, () => pad(solved.weights, game), solved.multipliers);
  return byProgram && byProgram.gap <= byMean.gap ? byProgram : byMean;
}

function multipliersOf({ theta, bound }: Game<unknown>): Float64Array {
  const most = Math.max(0, ...theta);
  const powers = theta.map((value) => Math.exp(value - most));
  const total = powers.reduce((sum, power) => sum + power, Math.exp(-most));
  return powers.map((power) => (bound * power) / total);
}

/** Raises the prices of what the last answer violates. */
export function moveMultipliers({ theta, last, eps }: Game<unknown>, rate: number): void {
  last?.violations.forEach((violation, i) => {
    theta[i] += rate * (violation - eps);
  });
}

const pad = (weights: readonly number[], { hypotheses }: Game<unknown>): number[] =>
  hypotheses.map((_, i) => weights[i] ?? 0);

/** Error and violations of a mixture. */
export function blend({ hypotheses, theta }: Game<unknown>, weights: readonly number[]) {
  const violations = new Float64Array(theta.length);
  let error = 0;
  hypotheses.forEach((hypothesis, h) => {
    error += (weights[h] ?? 0) * hypothesis.error;
    for (let i = 0; i < violations.length; i++)
      violations[i] += (weights[h] ?? 0) * hypothesis.violations[i];
  });
  return { error, violations };
}

/** How much either player could still gain against the pair. The learner is asked once more, which may find a model. */
function withGap<Model>(
  game: Game<Model>,
  weightsNow: () => number[],
  multipliers: ArrayLike<number>,
): Candidate {
  const { eps, bound } = game;
  const cost = ({ error, violations }: { error: number; violations: Float64Array }): number =>
    violations.reduce((sum, violation, i) => sum + multipliers[i] * (violation - eps), error);
  const answer = game.answer(multipliers);
  const weights = weightsNow();
  const mixture = blend(game, weights);
  const worst = Math.max(0, Math.max(...mixture.violations) - eps);
  const now = cost(mixture);
  const high = mixture.error + bound * worst;
  return { weights, gap: Math.max(now - Math.min(now, cost(answer)), high - now) };
}

/** Least error plus `bound` times the excess violation, over mixtures of what was found; and the prices it implies. */
function bestMixture<Model>(
  game: Game<Model>,
): { weights: number[]; multipliers: number[] } | null {
  const { hypotheses, eps, bound } = game;
  const [first, ...others] = hypotheses;
  const limits = Array.from(first.violations, (violation) => eps - violation);
  const rows = limits.map((_, i) => [
    ...others.map(({ violations }) => violations[i] - first.violations[i]),
    -1,
  ]);
  const costs = [...others.map(({ error }) => error - first.error), bound];
  const one = [...others.map(() => 1), 0];
  const solved = minimise(costs, [...rows, one], [...limits, 1]);
  if (!solved) return null;
  const rest = solved.x.slice(0, others.length);
  const weights = [1 - rest.reduce((sum, weight) => sum + weight, 0), ...rest];
  return { weights, multipliers: solved.duals.slice(0, limits.length) };
}
