import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng, normal, type Rng } from '../../core/rng.ts';
import {
  addReward,
  type BanditChoice,
  chooseByThompson,
  chooseByUpperBound,
  createLinearArm,
  type LinearArm,
  mergeLinearArms,
  thompsonChances,
} from './contextual-bandit.ts';

const SIZE = 4;
/** Rows: what each arm's reward gives for a constant and three features. No arm is best everywhere. */
const THETA = [
  [0.5, 0.4, 0, 0],
  [0.5, -0.4, 0.3, 0],
  [0.4, 0, -0.4, 0.4],
];

const contextOf = (rng: Rng): number[] => [
  1,
  ...Array.from({ length: SIZE - 1 }, () => 2 * rng() - 1),
];
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * b[i], 0);

type Policy = (arms: LinearArm[], context: number[], rng: Rng) => number;

/** Regret of each round: the best arm's mean reward in the context less that of the arm that was played. */
function play(policy: Policy, rounds: number, seed: number): number[] {
  const rng = createRng(seed);
  const arms = THETA.map(() => createLinearArm(SIZE));
  return Array.from({ length: rounds }, () => {
    const context = contextOf(rng);
    const means = THETA.map((theta) => dot(theta, context));
    const arm = policy(arms, context, rng);
    addReward(arms[arm], context, means[arm] + 0.3 * normal(rng));
    return Math.max(...means) - means[arm];
  });
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const armOf = (choice: BanditChoice | null): number => choice!.arm;
const byBound: Policy = (arms, context) => armOf(chooseByUpperBound(arms, context));
const byThompson: Policy = (arms, context, rng) =>
  armOf(chooseByThompson(arms, context, { rng, noise: 0.3 }));
const byChance: Policy = (_, __, rng) => Math.floor(rng() * THETA.length);

test.each([
  ['LinUCB', byBound],
  ['linear Thompson sampling', byThompson],
])(
  '%s learns which arm is best where: regret grows ever slower, far below that of chance',
  (_, policy) => {
    const rounds = 1600;
    for (let seed = 1; seed <= 5; seed++) {
      const regret = play(policy, rounds, seed);
      const quarters = [0, 1, 2, 3].map((q) =>
        sum(regret.slice((q * rounds) / 4, ((q + 1) * rounds) / 4)),
      );
      expect(quarters[3]).toBeLessThan(0.35 * quarters[0]);
      expect(sum(regret)).toBeLessThan(0.1 * sum(play(byChance, rounds, seed)));
      // At most a constant times size sqrt(rounds arms), as both are proved to.
      expect(sum(regret)).toBeLessThan(SIZE * Math.sqrt(rounds * THETA.length) * 0.3);
    }
  },
);

test('days of rounds merge to what one day of all of them knows', () => {
  const round = fc.record({
    context: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
    reward: fc.double({ min: -2, max: 2, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(round, { maxLength: 12 }), fc.nat(12), (rounds, cut) => {
      const [whole, first, second] = [0, 1, 2].map(() => createLinearArm(3));
      rounds.forEach(({ context, reward }, i) => {
        addReward(whole, context, reward);
        addReward(i < cut ? first : second, context, reward);
      });
      mergeLinearArms(first, second);
      const at = [1, 0.5, -0.5];
      const [a, b] = [whole, first].map((arm) => chooseByUpperBound([arm], at)!.beliefs[0]);
      expect(a.expected).toBeCloseTo(b.expected, 9);
      expect(a.deviation).toBeCloseTo(b.deviation, 9);
      expect(JSON.parse(JSON.stringify(whole))).toEqual(whole);
    }),
  );
});

test('an arm that was never played is as uncertain as the context is long, and each round makes it less', () => {
  const arm = createLinearArm(2);
  const deviation = () => chooseByUpperBound([arm], [3, 4])!.beliefs[0].deviation;
  expect(deviation()).toBe(5);
  let last = 5;
  for (let i = 0; i < 5; i++) {
    addReward(arm, [3, 4], 1);
    expect(deviation()).toBeLessThan(last);
    last = deviation();
  }
  // Ridge regression of 5 rewards of 1: theta' x = 125 / (1 + 125).
  expect(chooseByUpperBound([arm], [3, 4])!.beliefs[0].expected).toBeCloseTo(125 / 126, 12);
});

test('chances of Thompson sampling are those with which it plays, and no arms are no choice', () => {
  const rng = createRng(4);
  const arms = THETA.map(() => createLinearArm(SIZE));
  for (let i = 0; i < 60; i++) {
    const context = contextOf(rng);
    addReward(arms[i % 3], context, dot(THETA[i % 3], context) + 0.3 * normal(rng));
  }
  const context = [1, 0.2, 0.1, -0.3];
  const chances = thompsonChances(arms, context, { rng, draws: 4000 });
  expect(sum(chances)).toBeCloseTo(1, 9);
  const played = [0, 0, 0];
  for (let i = 0; i < 4000; i++) played[armOf(chooseByThompson(arms, context, { rng }))]++;
  played.forEach((count, arm) => {
    expect(Math.abs(count / 4000 - chances[arm])).toBeLessThan(0.045);
  });
  expect(chooseByUpperBound([], context)).toBeNull();
  expect(chooseByThompson([], context, { rng })).toBeNull();
  expect(thompsonChances([], context, { rng })).toEqual([]);
});
