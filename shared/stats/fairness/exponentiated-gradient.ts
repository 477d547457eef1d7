import { assert } from '../../core/assert.ts';
import {
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
  /** Expected error on the training rows, and the largest difference of a group's rate from its event's. */
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

function mixtureOf<Model>(game: Game<Model>, { weights, gap }: Candidate): FairMixture<Model> {
  const { error, violations } = blend(game, weights);
  const models = game.hypotheses.flatMap(({ model }, i) =>
    (weights[i] ?? 0) > 1e-12 ? [{ model, weight: weights[i] }] : [],
  );
  return { models, error, violation: Math.max(0, ...violations), gap, fits: game.fits };
}
