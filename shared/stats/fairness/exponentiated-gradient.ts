import { assert } from '../../core/assert.ts';
import {
  addConstants,
  bestMixture,
  blend,
  type Candidate,
  type Game,
  type GradientOptions,
  moveMultipliers,
  startGame,
  stepGame,
  type WeightedLearner,
} from './fairness-game.ts';

export type FairMixture<Model> = {
  /** To predict, draw a model by its weight (weights sum to 1); or take the weighted mean as the chance of yes. */
  models: { model: Model; weight: number }[];
  /** Expected error on the training rows, and the largest difference of a group's rate from that of all rows. */
  error: number;
  violation: number;
  /** How far error plus penalty can be above the best there is, given what the learner finds. */
  gap: number;
  /** Times the learner was asked. */
  fits: number;
};

const FIRST_RATE = 2;
const MIN_ITERATIONS = 5;
const REGRESS_CHECK_START = 5;
const REGRESS_CHECK_GROWTH = 1.6;
/** The rate is cut when the gap has not fallen below this share of the last. */
const ENOUGH_PROGRESS = 0.8;
/** Gaps this near are equal; the later mixture is taken. */
const PRECISION = 1e-8;

/**
 * A randomised classifier with the least error among those whose rates are alike between groups to within
 * `differenceBound`, from any learner that takes weights: the saddle point of error plus multipliers times violations,
 * the multipliers moved by exponentiated gradient, the mixture of the models found so far by a linear program at each
 * step.
 *
 * With a learner that finds the best labels for its weights the error is within `gap` of the least there is, and the
 * violation at most `differenceBound` + eps (1 + 2 gap); constant answers are mixed in where it would be more. Rates are each group's against those of all rows (of the
 * event), so two groups may differ by twice the bound. Groups without rows of an event are not held to it.
 * @param truth 0 or 1; groups, same length; a learner that ignores its weights gets nowhere and says so by its gap
 * @returns null without rows
 * Cost: two fits an iteration, three where the last found a model; nine at most. Source: Agarwal et al., A reductions
 * approach to fair classification (2018), algorithm 1. Reference implementation: Fairlearn 0.10.0,
 * ExponentiatedGradient (eps, nu, max_iter = 50, eta0 = 2) with a constraint's difference_bound.
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
  let best: Candidate = { weights: [1], gap: Number.POSITIVE_INFINITY };
  let rate = FIRST_RATE / game.bound;
  let lastCheck = REGRESS_CHECK_START;
  let gapAtCheck = Number.POSITIVE_INFINITY;
  let leastOfMeans = Number.POSITIVE_INFINITY;
  for (let step = 0; step < maxIterations; step++) {
    const { candidate, gapOfMean } = stepGame(game, step);
    if (candidate.gap <= best.gap + PRECISION) best = candidate;
    if (candidate.gap < (game.tolerance ?? 0) && step >= MIN_ITERATIONS) break;
    leastOfMeans = Math.min(leastOfMeans, gapOfMean);
    if (step >= lastCheck * REGRESS_CHECK_GROWTH) {
      if (leastOfMeans > gapAtCheck * ENOUGH_PROGRESS) rate *= ENOUGH_PROGRESS;
      [lastCheck, gapAtCheck] = [step, leastOfMeans];
    }
    moveMultipliers(game, rate);
  }
  return mixtureOf(game, orWithConstants(game, best));
}

/**
 * A mixture within the bound where none was found that is: yes to all and no to all treat groups alike, at the cost of
 * their errors. Fairlearn has no such step and may come back with a mixture beyond its bound.
 */
function orWithConstants<Model>(game: Game<Model>, best: Candidate): Candidate {
  if (Math.max(0, ...blend(game, best.weights).violations) <= game.allowed + PRECISION) return best;
  addConstants(game);
  const candidate = bestMixture(game);
  return candidate !== null && costOf(game, candidate) < costOf(game, best) ? candidate : best;
}

const costOf = (game: Game<unknown>, { weights }: Candidate): number => {
  const { error, violations } = blend(game, weights);
  return error + game.bound * Math.max(0, Math.max(...violations) - game.allowed);
};

function mixtureOf<Model>(game: Game<Model>, { weights, gap }: Candidate): FairMixture<Model> {
  const { error, violations } = blend(game, weights);
  const models = game.hypotheses.flatMap(({ model }, i) =>
    (weights[i] ?? 0) > 1e-12 ? [{ model, weight: weights[i] }] : [],
  );
  return { models, error, violation: Math.max(0, ...violations), gap, fits: game.fits };
}
