import type { Promotion, RolloutPolicy, RolloutStrategy } from '../contracts/declaration.ts';
import type { RolloutPlan, RolloutStep } from '../contracts/registry.ts';
import { unreachable } from '../core/assert.ts';

/** Where a declaration does not say how: a tenth of the devices, an eighth more at a time. */
const PREVIEW_SHARE = 0.1;
const INCREMENT = 0.125;

/**
 * The steps that a strategy goes through under a declared policy.
 *
 * - `all`: everybody at once, no look at anything.
 * - `canary`: the declared shares, each left when its gates pass.
 * - `rolling`: equal increments at equal times; too little data does not stop it, a bad look does.
 * - `blue-green`: a preview that must pass its gates, then everybody at once, watched before the champion is let go.
 * - `shadow`: answers beside the champion that nobody is given; then, by verdict or by hand, the canary or everybody.
 * @param promotion in place of what the strategy does by itself
 */
export function planRollout(
  strategy: RolloutStrategy,
  policy: RolloutPolicy,
  promotion?: Promotion,
): RolloutPlan {
  const plan = planOf(strategy, policy);
  return promotion ? { ...plan, promotion } : plan;
}

function planOf(strategy: RolloutStrategy, policy: RolloutPolicy): RolloutPlan {
  const base = { pace: 'evidence', promotion: 'verdict' } as const;
  switch (strategy) {
    case 'all':
      return { ...base, steps: [serve(1, 0)] };
    case 'canary':
      return { ...base, steps: canarySteps(policy) };
    case 'rolling':
      return { ...base, pace: 'time', steps: rollingSteps(policy) };
    case 'blue-green':
      return { ...base, steps: blueGreenSteps(policy) };
    case 'shadow':
      return shadowPlan(policy);
    default:
      return unreachable(strategy);
  }
}

/** Does the plan compare the challenger with a champion that answers in its place? */
export const needsChampion = (plan: RolloutPlan): boolean =>
  plan.steps.some(({ mode }) => mode === 'shadow');

const serve = (share: number, holdMs: number): RolloutStep => ({ share, mode: 'serve', holdMs });

const canarySteps = ({ steps, holdMs }: RolloutPolicy): RolloutStep[] =>
  steps.map((share) => serve(share, holdMs));

function rollingSteps({ rolling, holdMs }: RolloutPolicy): RolloutStep[] {
  const { increment, everyMs } = rolling ?? { increment: INCREMENT, everyMs: holdMs };
  const shares = Array.from({ length: Math.ceil(1 / increment) }, (_, i) =>
    Number(((i + 1) * increment).toFixed(4)),
  );
  // 0.24999 four times is everybody, as far as shares are told apart.
  return [...shares.filter((share) => share < 1), 1].map((share) => serve(share, everyMs));
}

function blueGreenSteps({ blueGreen, holdMs }: RolloutPolicy): RolloutStep[] {
  const how = blueGreen ?? {
    preview: 'serve',
    share: PREVIEW_SHARE,
    holdMs,
    watchMs: holdMs,
  };
  const preview: RolloutStep = { share: how.share, mode: how.preview, holdMs: how.holdMs };
  return [preview, serve(1, how.watchMs)];
}

function shadowPlan(policy: RolloutPolicy): RolloutPlan {
  const how = policy.shadow ?? {
    share: 1,
    holdMs: policy.holdMs,
    followedBy: 'all',
    promotion: 'hand',
  };
  const shadow: RolloutStep = { share: how.share, mode: 'shadow', holdMs: how.holdMs };
  const then = how.followedBy === 'canary' ? canarySteps(policy) : [];
  return { steps: [shadow, ...then], pace: 'evidence', promotion: how.promotion };
}
