import type { GateResult, RolloutView, Suggestion } from '../contracts/registry.ts';
import { durationWords } from '../core/duration.ts';
import { DAY_MS, MINUTE_MS } from '../core/time.ts';
import { LONGEST_FACTOR } from './gate-verdict.ts';
import { about, metricFigure, metricWords } from './metric-words.ts';
import { isOpen } from './rollout.ts';

/** Nobody waits longer than this for one gate. */
const LONGEST_WAIT_MS = 90 * DAY_MS;
/** Share of the traffic at which two versions are compared fastest. */
const EVEN_SHARE = 0.5;

type Context = { rollout: RolloutView; nowMs: number; unit: string };

/**
 * What an operator might do about a running rollout: promote one that waits for it, wait for what would settle the
 * gate that is open longest, or, where that cannot come within 90 days at the rate at which samples came in this
 * step, decide without it. Nothing where the rollout goes on by itself.
 * @param context.unit of the target
 */
export function suggestRollout(
  rollout: RolloutView | null,
  context: { nowMs: number; unit: string },
): Suggestion[] {
  if (rollout?.status !== 'running') return [];
  const { gates, plan, stepIndex, challenger } = rollout;
  const open = gates.filter((gate) => isOpen(gate, plan.pace));
  if (open.length > 0) return aboutOpen(open, { rollout, ...context });
  const isLast = stepIndex === plan.steps.length - 1;
  if (plan.promotion !== 'hand' || !isLast || gates.length === 0) return [];
  const { n } = gates.reduce((least, gate) => (gate.n < least.n ? gate : least));
  const sentence = `Promote ${challenger}, or roll it back: all ${gates.length} gates hold, on ${n} samples or more each.`;
  return [{ action: 'promote', sentence, numbers: { gates: gates.length, samples: n } }];
}

type Wait = {
  gate: GateResult;
  /** Samples that are missing; of a gate that they would hardly settle, the fewest that they can be. */
  more: number;
  isKnown: boolean;
  /** At the rate of this step; null while nothing came. */
  waitMs: number | null;
  isHopeless: boolean;
};

/** A gate that was broken has ended its rollout; what is open waits for data, if it is worth it. */
function aboutOpen(open: readonly GateResult[], context: Context): Suggestion[] {
  const waits = open.flatMap((gate) => waitFor(gate, context) ?? []);
  const hopeless = waits.find(({ isHopeless }) => isHopeless);
  if (hopeless) return [decideWithout(hopeless, context)];
  const known = waits.filter(({ isKnown }) => isKnown);
  if (known.length === 0) return [];
  const longest = known.reduce((a, b) => ((b.waitMs ?? Infinity) > (a.waitMs ?? Infinity) ? b : a));
  return [waitLonger(longest, context)];
}

/** Null where nothing says how much is missing. */
function waitFor(gate: GateResult, context: Context): Wait | null {
  const { verdict, settledAt, n, needed } = gate;
  const isBeyondReach = verdict === 'inconclusive' && settledAt === null;
  const target = settledAt ?? (verdict === 'insufficient_data' ? needed : null);
  if (target === null && !isBeyondReach) return null;
  const more = Math.max(1, (target ?? LONGEST_FACTOR * n) - n);
  const { atBestMs, expectedMs } = timeFor(more, n, elapsedMs(context));
  return {
    gate,
    more,
    isKnown: target !== null,
    waitMs: expectedMs,
    isHopeless: atBestMs > LONGEST_WAIT_MS,
  };
}

const elapsedMs = ({ rollout, nowMs }: Context): number =>
  Math.max(MINUTE_MS, nowMs - Date.parse(rollout.stepStartedAt));

/**
 * How long `more` samples take when `n` came in `elapsedMs`: at that rate, and at the fastest rate that such a count
 * leaves possible. (sqrt(n) + 1)² + 2 is above the exact 95 % upper bound of a Poisson mean for every n.
 */
function timeFor(more: number, n: number, elapsedMs: number) {
  return {
    expectedMs: n === 0 ? null : (more / n) * elapsedMs,
    atBestMs: (more / ((Math.sqrt(n) + 1) ** 2 + 2)) * elapsedMs,
  };
}

function waitLonger({ gate, more, waitMs }: Wait, { rollout }: Context): Suggestion {
  const time = waitMs === null ? '' : ` (about ${durationWords(waitMs)} as it goes now)`;
  const sentence = `Wait for about ${about(more)} more samples of ${rollout.challenger}${time}: they settle its ${metricWords(gate.metric)}, which has ${gate.n}.`;
  return { action: 'wait', sentence, numbers: { samples: gate.n, more, ...daysIn(waitMs) } };
}

const daysIn = (waitMs: number | null): { waitDays?: number } =>
  waitMs === null ? {} : { waitDays: Number((waitMs / DAY_MS).toPrecision(2)) };

function decideWithout(wait: Wait, context: Context): Suggestion {
  const { gate, more, isKnown, waitMs } = wait;
  const { metric, n, needed, verdict } = gate;
  const { challenger } = context.rollout;
  const words = `the ${metricWords(metric)} of ${challenger}`;
  const show = (value: number | null): string => metricFigure(metric, value, context.unit);
  const state =
    verdict === 'insufficient_data'
      ? `${words} has ${n} of ${needed} samples`
      : `${words} is ${show(gate.challenger)} against a limit of ${show(gate.limit)}`;
  const missing = `${isKnown ? 'about' : 'more than'} ${about(more)} more samples`;
  const time =
    waitMs === null
      ? `none came in ${durationWords(elapsedMs(context))}`
      : `${missing} would take ${durationWords(waitMs)} as it goes now`;
  const sentence = `Do not wait: ${state}, and ${time}. ${optionsOf(wait, context)}`;
  return {
    action: 'decide',
    sentence,
    numbers: { samples: n, more, ...daysIn(waitMs) },
  };
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(4))} %`;

function optionsOf({ gate, waitMs }: Wait, { rollout }: Context): string {
  const { plan, stepIndex, champion } = rollout;
  const { share, mode } = plan.steps[stepIndex];
  const isAlone = mode === 'shadow' || champion === null;
  const largest = isAlone ? 1 : EVEN_SHARE;
  const speedUp = isAlone ? 1 / share : (EVEN_SHARE * EVEN_SHARE) / (share * (1 - share));
  const sooner = (waitMs ?? Infinity) / speedUp;
  const step =
    share < largest && sooner <= LONGEST_WAIT_MS
      ? `take a larger step (at ${percent(largest)} instead of ${percent(share)} it is about ${durationWords(sooner)})`
      : null;
  const margin =
    gate.verdict === 'insufficient_data'
      ? gate.n === 0
        ? 'see that outcomes are sent'
        : 'ask its gate for fewer samples'
      : 'give its gate a wider margin';
  const back = champion === null ? 'roll it back' : `roll it back and keep ${champion}`;
  const options = [...(step ? [step] : []), margin];
  const text = `${options.join(', ')}, or ${back}.`;
  return `${text[0].toUpperCase()}${text.slice(1)}`;
}
