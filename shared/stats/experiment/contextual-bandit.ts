import { assert } from '../../core/assert.ts';
import { normal, type Rng } from '../../core/rng.ts';
import { type Factor, factorOf, solve, solveLower } from '../linear/positive-definite.ts';

/**
 * What is known of one arm whose reward is linear in the context: sums over its rounds. Plain JSON; arms of two days
 * or two devices merge by adding (`mergeLinearArms`).
 */
export type LinearArm = {
  n: number;
  /** Sum of context x context', shape [size * size], row by row. */
  products: number[];
  /** Sum of reward x context, shape [size]. */
  rewards: number[];
};

/** An arm's expected reward in a context, and the standard deviation of what is not known of it (noise of 1). */
export type ArmBelief = { expected: number; deviation: number };

export type BanditChoice = {
  arm: number;
  beliefs: ArmBelief[];
  /** What decided: the bound (LinUCB) or the draw (Thompson) of each arm. */
  scores: number[];
};

/** @param size length of the context; put a constant 1 among it where rewards have a level of their own */
export const createLinearArm = (size: number): LinearArm => ({
  n: 0,
  products: new Array<number>(size * size).fill(0),
  rewards: new Array<number>(size).fill(0),
});

/** Adds one round in which the arm was played, in place. @param context finite numbers, about of unit size */
export function addReward(arm: LinearArm, context: ArrayLike<number>, reward: number): void {
  const size = arm.rewards.length;
  assert(context.length === size, 'a context of the length the arm was made for');
  arm.n++;
  for (let i = 0; i < size; i++) {
    arm.rewards[i] += reward * context[i];
    for (let j = 0; j < size; j++) arm.products[i * size + j] += context[i] * context[j];
  }
}

/** Adds the rounds of `part` to `into`, in place. Associative and commutative to rounding. */
export function mergeLinearArms(into: LinearArm, part: LinearArm): void {
  assert(into.rewards.length === part.rewards.length, 'arms of the same context');
  into.n += part.n;
  part.products.forEach((value, i) => {
    into.products[i] += value;
  });
  part.rewards.forEach((value, i) => {
    into.rewards[i] += value;
  });
}

export type UpperBoundOptions = {
  /** Deviations above what is expected: about sqrt(ln(2 / delta) / 2) + 1 for rewards in [0, 1]. */
  alpha?: number;
  /** Ridge: how many rounds' worth of belief in 0 an arm starts with. */
  ridge?: number;
};

/**
 * LinUCB, disjoint arms: plays the arm whose expected reward could be highest, theta' x + alpha sqrt(x' A^-1 x) with
 * A = ridge I + sum x x'. The same state and context give the same arm; ties go to the first.
 * @returns null without arms
 * Cost: arms x size^3 / 3. Source: Li, Chu, Langford and Schapire, A contextual-bandit approach to personalized news
 * article recommendation (2010), algorithm 1.
 */
export function chooseByUpperBound(
  arms: readonly LinearArm[],
  context: ArrayLike<number>,
  { alpha = 1, ridge = 1 }: UpperBoundOptions = {},
): BanditChoice | null {
  const beliefs = beliefsOf(arms, context, ridge);
  return highest(beliefs, ({ expected, deviation }) => expected + alpha * deviation);
}

export type LinearThompsonOptions = {
  rng: Rng;
  /** Standard deviation of a reward about its mean. */
  noise?: number;
  ridge?: number;
};

/**
 * Linear Thompson sampling: draws each arm's parameters from its posterior N(theta, noise^2 A^-1) and plays the best
 * of the draws. Only theta' x is drawn, which is all that the choice sees.
 * @returns null without arms
 * Source: Agrawal and Goyal, Thompson sampling for contextual bandits with linear payoffs (2013).
 */
export function chooseByThompson(
  arms: readonly LinearArm[],
  context: ArrayLike<number>,
  { rng, noise = 0.5, ridge = 1 }: LinearThompsonOptions,
): BanditChoice | null {
  const beliefs = beliefsOf(arms, context, ridge);
  return highest(beliefs, ({ expected, deviation }) => expected + noise * deviation * normal(rng));
}

/**
 * The chance with which Thompson sampling plays each arm in a context, by `draws` draws: what is logged as propensity.
 * @returns shape [arms], sums to 1; [] without arms
 */
export function thompsonChances(
  arms: readonly LinearArm[],
  context: ArrayLike<number>,
  { rng, noise = 0.5, ridge = 1, draws = 1000 }: LinearThompsonOptions & { draws?: number },
): number[] {
  const beliefs = beliefsOf(arms, context, ridge);
  const chances = arms.map(() => 0);
  for (let i = 0; i < draws && arms.length > 0; i++) {
    const drawn = highest(
      beliefs,
      ({ expected, deviation }) => expected + noise * deviation * normal(rng),
    );
    chances[drawn?.arm ?? 0] += 1 / draws;
  }
  return chances;
}

function beliefsOf(
  arms: readonly LinearArm[],
  context: ArrayLike<number>,
  ridge: number,
): ArmBelief[] {
  return arms.map((arm) => {
    assert(context.length === arm.rewards.length, 'a context of the length the arms were made for');
    const factor = posteriorOf(arm, ridge);
    const theta = solve(factor, arm.rewards);
    const half = solveLower(factor, context);
    return {
      expected: theta.reduce((sum, value, i) => sum + value * context[i], 0),
      deviation: Math.sqrt(half.reduce((sum, value) => sum + value * value, 0)),
    };
  });
}

function posteriorOf({ products, rewards }: LinearArm, ridge: number): Factor {
  const size = rewards.length;
  const precision = Float64Array.from(products);
  for (let i = 0; i < size; i++) precision[i * size + i] += ridge;
  return factorOf(precision, size);
}

function highest(
  beliefs: ArmBelief[],
  scoreOf: (belief: ArmBelief) => number,
): BanditChoice | null {
  if (beliefs.length === 0) return null;
  const scores = beliefs.map(scoreOf);
  const arm = scores.reduce((best, score, i) => (score > scores[best] ? i : best), 0);
  return { arm, beliefs, scores };
}
