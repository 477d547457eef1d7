import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RolloutPolicy } from '../contracts/declaration.ts';
import { rolloutStrategy } from '../contracts/declaration.ts';
import { needsChampion, planRollout } from './rollout-plan.ts';

const policy: RolloutPolicy = { steps: [0.01, 0.1, 1], holdMs: 1000 };

test('a canary goes through the declared shares, everybody goes at once', () => {
  expect(planRollout('canary', policy)).toEqual({
    pace: 'evidence',
    promotion: 'verdict',
    steps: [0.01, 0.1, 1].map((share) => ({ share, mode: 'serve', holdMs: 1000 })),
  });
  expect(planRollout('all', policy).steps).toEqual([{ share: 1, mode: 'serve', holdMs: 0 }]);
});

test('rolling takes equal increments at equal times, whether they divide one or not', () => {
  const shares = (increment: number): number[] =>
    planRollout('rolling', { ...policy, rolling: { increment, everyMs: 5 } }).steps.map(
      ({ share }) => share,
    );
  expect(shares(0.25)).toEqual([0.25, 0.5, 0.75, 1]);
  expect(shares(0.1)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
  expect(shares(0.4)).toEqual([0.4, 0.8, 1]);
  expect(shares(1)).toEqual([1]);
  expect(planRollout('rolling', policy)).toMatchObject({ pace: 'time' });
});

test('blue-green previews on a share and then takes everybody at once, watched', () => {
  const blueGreen = { preview: 'shadow', share: 0.2, holdMs: 10, watchMs: 20 } as const;
  expect(planRollout('blue-green', { ...policy, blueGreen }).steps).toEqual([
    { share: 0.2, mode: 'shadow', holdMs: 10 },
    { share: 1, mode: 'serve', holdMs: 20 },
  ]);
  expect(planRollout('blue-green', policy).steps.map(({ mode }) => mode)).toEqual([
    'serve',
    'serve',
  ]);
});

test('a shadow waits for somebody unless told otherwise, and may be followed by the canary', () => {
  expect(planRollout('shadow', policy)).toEqual({
    pace: 'evidence',
    promotion: 'hand',
    steps: [{ share: 1, mode: 'shadow', holdMs: 1000 }],
  });
  expect(planRollout('shadow', policy, 'verdict').promotion).toBe('verdict');
  const shadow = {
    share: 0.5,
    holdMs: 7,
    followedBy: 'canary',
    promotion: 'verdict',
  } as const;
  expect(planRollout('shadow', { ...policy, shadow }).steps).toEqual([
    { share: 0.5, mode: 'shadow', holdMs: 7 },
    ...planRollout('canary', policy).steps,
  ]);
});

test('increments that nearly reach everybody do not reach them twice', () => {
  const policy = { steps: [1], holdMs: 0, rolling: { increment: 0.24999, everyMs: 1 } };
  const shares = planRollout('rolling', policy).steps.map(({ share }) => share);
  expect(shares).toEqual([0.25, 0.5, 0.75, 1]);
});

test('whatever the strategy, shares that serve only grow and end with everybody or the shadow', () => {
  const policies = fc.record({
    steps: fc.constantFrom<number[]>([1], [0.01, 1], [0.05, 0.5, 1]),
    holdMs: fc.nat(),
    rolling: fc.option(
      fc.record({ increment: fc.double({ min: 0.01, max: 1, noNaN: true }), everyMs: fc.nat() }),
      { nil: undefined },
    ),
  });
  fc.assert(
    fc.property(fc.constantFrom(...rolloutStrategy.options), policies, (strategy, given) => {
      const { steps } = planRollout(strategy, given);
      const served = steps.filter(({ mode }) => mode === 'serve').map(({ share }) => share);
      expect(served.every((share, i) => i === 0 || share > served[i - 1])).toBe(true);
      expect(steps[steps.length - 1].mode === 'shadow' || served.at(-1) === 1).toBe(true);
      expect(needsChampion(planRollout(strategy, given))).toBe(strategy === 'shadow');
    }),
    { numRuns: 300 },
  );
});
