import { exp } from '../../core/portable-math.ts';
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
  /** Largest difference between a group's rate and that of all rows; default 0.01. */
  differenceBound?: number;
  /** 1 / eps bounds the sum of the prices of violations; default 0.01. */
  eps?: number;
  maxIterations?: number;
  /** Gap at which it stops (Fairlearn's nu); without: half a standard error of the plain learner's error. */
  tolerance?: number;
};

/** One labelling that the learner came back with. */
type Hypothesis<Model> = { model: Model; error: number; violations: Float64Array; times: number };

export type Candidate = { weights: number[]; gap: number };

export type Game<Model> = {
  /** Largest violation that costs nothing. */
  allowed: number;
  /** Largest sum of multipliers: what a unit of violation costs at most. */
  bound: number;
  /** Null until the plain learner has answered. */
  tolerance: number | null;
  constraints: RateConstraints;
  truth: ArrayLike<number>;
  learn: WeightedLearner<Model>;
  hypotheses: Hypothesis<Model>[];
  /** Logarithms of the multipliers, to a constant; their running sum; the last answer. */
  theta: Float64Array;
  sum: Float64Array;
  last: Hypothesis<Model> | null;
  /** The best mixture of so many hypotheses: with no other found, it stays. */
  program: { of: number; candidate: Candidate } | null;
  fits: number;
};

/** Less is no improvement. */
const PRECISION = 1e-8;

/** The game between a learner, who wants few errors, and prices on violations, before its first step. */
export function startGame<Model>(
  { truth, groups }: { truth: ArrayLike<number>; groups: readonly string[] },
  learn: WeightedLearner<Model>,
  { constraint, differenceBound = 0.01, eps = 0.01, tolerance }: GradientOptions,
): Game<Model> {
  const constraints = rateConstraints(truth, groups, constraint);
  const size = 2 * constraints.cells;
  return {
    ...{ allowed: differenceBound, bound: 1 / eps, tolerance: tolerance ?? null },
    ...{ constraints, truth, learn, hypotheses: [], program: null, fits: 0 },
    ...{ theta: new Float64Array(size), sum: new Float64Array(size), last: null },
  };
}

/**
 * The best answer to these multipliers among what the learner says now and all that it said before: a learner that
 * minimises another loss than the number of errors may come back with something worse.
 */
function answer<Model>(game: Game<Model>, multipliers: ArrayLike<number>): Hypothesis<Model> {
  const { truth, constraints, hypotheses } = game;
  const { labels, weights } = weigh(truth, constraints.costs(multipliers));
  const { model, predictions } = game.learn(labels, weights);
  game.fits++;
  const error = errorOf(predictions, truth);
  const fresh = { model, error, violations: constraints.violations(predictions), times: 0 };
  const costOf = (hypothesis: Hypothesis<Model>): number =>
    hypothesis.violations.reduce((sum, v, i) => sum + multipliers[i] * v, hypothesis.error);
  let best: Hypothesis<Model> | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const hypothesis of hypotheses) {
    const cost = costOf(hypothesis);
    if (cost < least) [best, least] = [hypothesis, cost];
  }
  if (best !== null && costOf(fresh) >= least - PRECISION) return best;
  hypotheses.push(fresh);
  return fresh;
}

/** Adds what any learner can learn: no to all, and yes to all. */
export function addConstants<Model>(game: Game<Model>): void {
  const rows = game.truth.length;
  for (const label of [0, 1]) {
    const labels = new Uint8Array(rows).fill(label);
    game.fits++;
    remember(game, game.learn(labels, new Float64Array(rows).fill(1)));
  }
}

function remember<Model>(
  { truth, constraints, hypotheses }: Game<Model>,
  { model, predictions }: ReturnType<WeightedLearner<Model>>,
): void {
  const error = errorOf(predictions, truth);
  hypotheses.push({ model, error, violations: constraints.violations(predictions), times: 0 });
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

/** The better candidate of one step (the mean of the answers so far, or the best mixture of all found), and the mean's gap. */
export function stepGame<Model>(
  game: Game<Model>,
  step: number,
): { candidate: Candidate; gapOfMean: number } {
  const multipliers = multipliersOf(game);
  multipliers.forEach((value, i) => {
    game.sum[i] += value;
  });
  game.last = answer(game, multipliers);
  game.last.times++;
  game.tolerance ??= halfStandardError(game.last.error, game.truth.length);
  const shares = game.hypotheses.map(({ times }) => times / (step + 1));
  const mean = game.sum.map((value) => value / (step + 1));
  const byMean = withGap(game, shares, mean);
  const byProgram = step === 0 ? null : bestMixture(game);
  const isMean = byProgram === null || byMean.gap < byProgram.gap;
  return { candidate: isMean ? byMean : byProgram, gapOfMean: byMean.gap };
}

const halfStandardError = (error: number, rows: number): number =>
  0.5 * Math.sqrt((error * (1 - error)) / Math.max(1, rows - 1));

function multipliersOf({ theta, bound }: Game<unknown>): Float64Array {
  const most = Math.max(0, ...theta);
  const powers = theta.map((value) => exp(value - most));
  const total = powers.reduce((sum, power) => sum + power, exp(-most));
  return powers.map((power) => (bound * power) / total);
}

/** Raises the prices of what the last answer violates. */
export function moveMultipliers({ theta, last, allowed }: Game<unknown>, rate: number): void {
  last?.violations.forEach((violation, i) => {
    theta[i] += rate * (violation - allowed);
  });
}

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

/** Where the gap looks closed, dearer prices are tried too: a learner may answer to them what it missed before. */
const DEARER = [1, 2, 5, 10];

/** How much either player could still gain against the pair. The learner is asked, which may find a model. */
function withGap<Model>(
  game: Game<Model>,
  weights: number[],
  multipliers: ArrayLike<number>,
): Candidate {
  const { allowed, bound, tolerance } = game;
  const prices = projected(multipliers);
  const costOf = ({ error, violations }: { error: number; violations: Float64Array }): number =>
    violations.reduce((sum, violation, i) => sum + prices[i] * (violation - allowed), error);
  const mixture = blend(game, weights);
  const now = costOf(mixture);
  const high = mixture.error + bound * Math.max(0, Math.max(...mixture.violations) - allowed);
  let low = now;
  for (const times of DEARER) {
    const scaled = Float64Array.from(multipliers, (value) => times * value);
    low = Math.min(low, costOf(answer(game, scaled)));
    if (Math.max(now - low, high - now) > (tolerance ?? 0) + PRECISION) break;
  }
  return { weights, gap: Math.max(now - low, high - now) };
}

/** Prices above and below cancel: what is left pushes as much, and asks less for what is allowed. */
function projected(multipliers: ArrayLike<number>): Float64Array {
  const cells = multipliers.length / 2;
  return Float64Array.from(multipliers, (value, i) =>
    Math.max(0, value - multipliers[i < cells ? i + cells : i - cells]),
  );
}

/** Least error plus `bound` times the excess violation, over mixtures of what was found; at the prices it implies. */
export function bestMixture<Model>(game: Game<Model>): Candidate | null {
  const { hypotheses, allowed, bound } = game;
  const of = hypotheses.length;
  if (game.program?.of === of) return game.program.candidate;
  const [first, ...others] = hypotheses;
  const limits = Array.from(first.violations, (violation) => allowed - violation);
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
  const candidate = withGap(game, weights, solved.duals.slice(0, limits.length));
  game.program = { of, candidate };
  return candidate;
}
