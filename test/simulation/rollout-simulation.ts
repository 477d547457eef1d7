import type { Gate } from '../../shared/contracts/declaration.ts';
import type { Profile } from '../../shared/contracts/profile.ts';
import type { RolloutPlan } from '../../shared/contracts/registry.ts';
import { normal, type Rng } from '../../shared/core/rng.ts';
import type { StepEvidence } from '../../shared/decide/gate-question.ts';
import { judgeGates } from '../../shared/decide/gates.ts';
import { tickRollout } from '../../shared/decide/rollout.ts';
import { addNumber } from '../../shared/stats/profile/column-profile.ts';
import { createAgreement } from '../../shared/stats/profile/shadow-profile.ts';
import { addOutcome, createProfile } from '../../shared/stats/profile/traffic-profile.ts';

/** How one side behaves: errors are normal with a fat tail, failures independent, latency log-normal. */
export type Behaviour = {
  errorScale: number;
  failureRate: number;
  latencyMs: number;
  /** Standard deviation of the difference from the champion's answer; 0 without it. */
  differenceScale?: number;
};

export type SimulatedRollout = {
  gates: readonly Gate[];
  champion: Behaviour;
  challenger: Behaviour;
  rng: Rng;
  steps?: readonly number[];
  eventsPerFold?: number;
  /** Folds a step is held. */
  holdFolds?: number;
  maxFolds?: number;
  /** In place of a canary of `steps`. */
  plan?: RolloutPlan;
};

export type SimulationEnd = {
  kind: 'promote' | 'roll_back' | 'unfinished';
  folds: number;
  /** Labelled predictions the challenger gave before the end. */
  challengerEvents: number;
};

const STEPS = [0.01, 0.05, 0.1, 0.25, 0.5, 1];

/** Runs one rollout, looking at its gates after every fold, until it ends. */
export function simulateRollout(simulation: SimulatedRollout): SimulationEnd {
  const { gates, rng, steps = STEPS, eventsPerFold = 200 } = simulation;
  const { holdFolds = 5, maxFolds = 400 } = simulation;
  const plan = simulation.plan ?? canaryPlan(steps, holdFolds);
  const evidence: StepEvidence[] = [createStep(plan, 0)];
  let stepStartedAtMs = 0;
  let challengerEvents = 0;
  for (let fold = 1; fold <= maxFolds; fold++) {
    const step = evidence[evidence.length - 1];
    const { share } = plan.steps[evidence.length - 1];
    for (let i = 0; i < eventsPerFold; i++) {
      const isChosen = rng() < share;
      if (isChosen) challengerEvents++;
      if (step.mode === 'shadow') addShadowed(step, { simulation, isChosen, rng });
      else if (isChosen) addEvent(step.challenger, simulation.challenger, rng);
      else addEvent(step.champion!, simulation.champion, rng);
    }
    const state = { plan, stepIndex: evidence.length - 1, stepStartedAtMs, unit: 'min' };
    const move = tickRollout(state, judgeGates(gates, evidence), fold);
    if (move.kind === 'advance') {
      evidence.push(createStep(plan, move.stepIndex));
      stepStartedAtMs = fold;
    } else if (move.kind !== 'hold') return { kind: move.kind, folds: fold, challengerEvents };
  }
  return { kind: 'unfinished', folds: maxFolds, challengerEvents };
}

const canaryPlan = (shares: readonly number[], holdMs: number): RolloutPlan => ({
  steps: shares.map((share) => ({ share, mode: 'serve', holdMs })),
  pace: 'evidence',
  promotion: 'verdict',
});

const createStep = (plan: RolloutPlan, index: number): StepEvidence => ({
  mode: plan.steps[index].mode,
  challenger: createProfile(null),
  champion: createProfile(null),
});

/** Answers closer than this agree. */
const TOLERANCE = 5;

/** The champion answers; on a chosen device the challenger answers the same row beside it. */
function addShadowed(
  { challenger, champion }: StepEvidence,
  { simulation, isChosen, rng }: { simulation: SimulatedRollout; isChosen: boolean; rng: Rng },
): void {
  addEvent(champion!, simulation.champion, rng);
  if (!isChosen) return;
  addEvent(challenger, simulation.challenger, rng);
  challenger.agreement ??= createAgreement();
  challenger.agreement.n++;
  if (Math.abs((simulation.challenger.differenceScale ?? 0) * normal(rng)) <= TOLERANCE)
    challenger.agreement.agreeing++;
}

function addEvent(profile: Profile, side: Behaviour, rng: Rng): void {
  if (rng() < side.failureRate) {
    profile.predictions.fallback++;
    profile.reasons['runtime'] = (profile.reasons['runtime'] ?? 0) + 1;
    return;
  }
  profile.predictions.model++;
  addNumber(profile.latencyMs, side.latencyMs * Math.exp(0.5 * normal(rng)));
  const scale = rng() < 0.05 ? 3 * side.errorScale : side.errorScale;
  addOutcome(profile, { value: 30 + scale * normal(rng), predicted: 30, source: 'model' });
}
