import { assert } from '../../core/assert.ts';
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

export type FairMixture<Model> = {
  /** To predict, draw a model by its weight (weights sum to 1); or take the weighted mean as the chance of yes. */
  models: { model: Model; weight: number }[];
  /** Expected error on the training rows, and the largest difference of a group's rate from its event's. */
  error: number;
  violation: number;
  /** How far error plus penalty can be above the best there is, given what the learner finds. */
  gap: number;
  /** Times the learner was asked. */
  fits: number;
};

export type GradientOptions = {
  constraint: FairnessConstraint;
  /** Largest difference of rates that is allowed. */
  eps?: number;
  maxIterations?: number;
  /** Gap at which it stops; without: half a standard error of the plain learner's error. */
  tolerance?: number;
};

const FIRST_RATE = 2;
const MIN_ITERATIONS = 5;
const REGRESS_CHECK_START = 5;
const LEAST_RATE = 1e-6;
/** The rate is cut when the gap has not fallen below this share of the last. */
const ENOUGH_PROGRESS = 0.8;

/**
 * A randomised classifier with the least error among those whose rates are alike between groups to within `eps`, from
 * any learner that takes weights: the saddle point of error plus multipliers times violations, the multipliers moved
 * by exponentiated gradient, the mixture of the models found so far by a linear program at each step.
 *
 * With a learner that finds the best labels for its weights the error is within `gap` of the least there is, and the
 * violation at most `eps` + eps (1 + 2 gap): in practice `eps`. Groups without rows of an event are not held to it.
 * @param truth 0 or 1; groups, same length; a learner that ignores its weights gets nowhere and says so by its gap
 * @returns null without rows
 * Cost: one to three fits an iteration. Source: Agarwal et al., A reductions approach to fair classification (2018),
 * algorithm 1. Reference implementation: Fairlearn 0.10.0, ExponentiatedGradient (eps, nu, B = 1 / eps, eta0 = 2).
 */
export function exponentiatedGradient<Model>(
  rows: { truth: ArrayLike<number>; groups: readonly string[] },
  learn: WeightedLearner<Model>,
  options: GradientOptions,
): FairMixture<Model> | null {
  const { truth, groups } = rows;
  if (groups.length === 0) return null;
  assert(truth.length === groups.length, 'one truth and one group a row');
  const game = startGame({ truth, groups }, learn, options);
  const { maxIterations = 50 } = options;
  let best: Candidate = { weights: [1], gap: Infinity };
  let rate = FIRST_RATE / game.bound;
  let lastCheck = REGRESS_CHECK_START;
  let gapAtCheck = Infinity;
  for (let step = 0; step < maxIterations; step++) {
    const candidate = stepGame(game, step);
    if (candidate.gap <= best.gap) best = candidate;
    if (best.gap < game.tolerance && step >= MIN_ITERATIONS) break;
    if (step >= lastCheck * 1.6) {
      if (best.gap > gapAtCheck * ENOUGH_PROGRESS)
        rate = Math.max(LEAST_RATE, rate * ENOUGH_PROGRESS);
      [lastCheck, gapAtCheck] = [step, best.gap];
    }
    moveMultipliers(game, rate);
  }
  return mixtureOf(game, best);
}

/** One labelling that the learner came back with. */
type Hypothesis<Model> = { model: Model; error: number; violations: Float64Array; times: number };

type Candidate = { weights: number[]; gap: number };

type Game<Model> = {
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

function startGame<Model>(
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
function stepGame<Model>(game: Game<Model>, step: number): Candidate {
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

function moveMultipliers({ theta, last, eps }: Game<unknown>, rate: number): void {
  last?.violations.forEach((violation, i) => {
    theta[i] += rate * (violation - eps);
  });
}

const pad = (weights: readonly number[], { hypotheses }: Game<unknown>): number[] =>
  hypotheses.map((_, i) => weights[i] ?? 0);

/** Error and violations of a mixture. */
function blend({ hypotheses, theta }: Game<unknown>, weights: readonly number[]) {
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

function mixtureOf<Model>(game: Game<Model>, { weights, gap }: Candidate): FairMixture<Model> {
  const { error, violations } = blend(game, weights);
  const models = game.hypotheses.flatMap(({ model }, i) =>
    (weights[i] ?? 0) > 1e-12 ? [{ model, weight: weights[i] }] : [],
  );
  return { models, error, violation: Math.max(0, ...violations), gap, fits: game.fits };
}
