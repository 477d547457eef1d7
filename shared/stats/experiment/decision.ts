import type { EffectScale } from './effect.ts';
import { type IntervalLaw, POWER, unitsToNarrow, unitsToShow } from './next-look.ts';

export type ExperimentDecision = {
  action: 'ship' | 'stop' | 'keep_running';
  /** Total units at which to look again, when running on; null when that cannot be told. */
  untilUnits: number | null;
  sentence: string;
};

/** Which way a metric went, in the direction that is better. */
export type Direction = 'better' | 'worse' | 'unsettled';

/** All effects are turned so that above 0 is better; words turn them back. */
export type DecisionEvidence = {
  /** The verdict on the effect; the interval leaves out no effect where it is settled. */
  direction: Direction;
  /** At the level that the verdict was held against; always-valid, if one looks before the end. */
  interval: readonly [number, number];
  /** Units so far, both arms. */
  n: number;
  /** How wide that interval will be at other numbers of units. */
  law: IntervalLaw;
  /** Smallest effect worth having. */
  minEffect: number;
  /** A loss that is borne: then it is enough not to be worse by more; null: the effect must be shown. */
  margin: MarginEvidence | null;
  /** p of the sample-ratio check; 1 where it was not asked for. */
  sampleRatioP: number;
  /** Of the effect: a relative one is told in per cent. */
  scale: EffectScale;
  /** Less is better: effects were turned around. */
  isInverse: boolean;
  /** Metrics that p and interval were adjusted for; 1: none. */
  metrics: number;
  /** `canShowGain` of the question. */
  canShowGain: boolean;
};

export type MarginEvidence = {
  margin: number;
  /** The worst effect that is not ruled out. */
  bound: number;
  verdict: 'not_worse' | 'worse' | 'unsettled';
  law: IntervalLaw;
};

/** Below this the split is broken. */
export const BROKEN_BELOW = 0.001;

/**
 * Ship, stop, or keep running until n. A broken split stops. Then the verdict decides: shown harm stops, an interval
 * that cannot hold an effect worth having stops, a shown effect ships; else run until the smallest effect worth having
 * would be shown with chance 0.8; a question that can show no gain is never told to wait for one. Where a margin is
 * borne: not worse by more ships, worse by more stops.
 */
export function decideExperiment(evidence: DecisionEvidence): ExperimentDecision {
  const { direction, interval, minEffect, sampleRatioP, margin } = evidence;
  const words = wordsFor(evidence);
  const { range, tell } = words;
  if (sampleRatioP < BROKEN_BELOW)
    return stop(`Stop: the split is broken (p ${show(sampleRatioP)}), no result can be trusted.`);
  const isShort = interval[1] < minEffect;
  if (direction === 'better' && (margin || !isShort)) return ship(`Ship: the effect is ${range}.`);
  if (margin) return decideMargin(evidence, margin, words);
  if (direction === 'worse') return stop(`Stop: the effect is harm, ${range}.`);
  if (isShort)
    return stop(`Stop: the effect is ${range}, short of the ${tell(minEffect)} worth having.`);
  if (!evidence.canShowGain)
    return keepRunning(
      null,
      `harm is shown, if there is any: the effect is ${range}, and this one-sided question can only show harm, never a gain to ship. Ask it two-sided.`,
    );
  return runOn(evidence, words);
}

/** `tell` says an effect in its own direction, `size` how large a loss is. */
type Words = { range: string; tell: (value: number) => string; size: (value: number) => string };

function wordsFor({ interval: [low, high], scale, isInverse, metrics }: DecisionEvidence): Words {
  const size = scale === 'relative' ? showPercent : show;
  const tell = (value: number): string => size(isInverse ? -value : value);
  const adjusted = metrics > 1 ? ` (adjusted for ${metrics} metrics)` : '';
  const [from, to] = isInverse ? [high, low] : [low, high];
  return { range: `${tell(from)} to ${tell(to)}${adjusted}`, tell, size };
}

function decideMargin(
  { n, direction }: DecisionEvidence,
  { margin, bound, verdict, law }: MarginEvidence,
  { range, tell, size }: Words,
): ExperimentDecision {
  const told = `not worse by more than the ${size(margin)} borne`;
  if (verdict === 'not_worse') {
    const smaller = direction === 'worse' ? 'it is worse, but ' : '';
    return ship(`Ship: ${smaller}${told}: at worst ${tell(bound)}.`);
  }
  if (verdict === 'worse')
    return stop(`Stop: worse by more than the ${size(margin)} borne: the effect is ${range}.`);
  const needed = margin > 0 ? unitsToShow(law, { truth: 0, above: -margin }) : null;
  if (needed === null)
    return keepRunning(null, `more data: it is not shown to be ${told}: at worst ${tell(bound)}.`);
  if (needed > n)
    return keepRunning(
      needed,
      `${needed} units: it is not shown to be ${told} yet: at worst ${tell(bound)}.`,
    );
  return stop(
    `Stop: ${n} units were enough to show that it is ${told}, with chance ${POWER} if it changes nothing, and it is not shown: at worst ${tell(bound)}.`,
  );
}

/** Nothing is settled: are there too few units, or enough already? */
function runOn(
  { n, law, minEffect, interval: [low, high] }: DecisionEvidence,
  { range, tell }: Words,
): ExperimentDecision {
  const unsettled = `the effect is ${range}, not settled.`;
  const needed = minEffect > 0 ? unitsToShow(law, { truth: minEffect, above: 0 }) : null;
  if (needed === null) return keepRunning(null, `more data: ${unsettled}`);
  if (needed > n) return keepRunning(needed, `${needed} units: ${unsettled}`);
  const had = `${n} units were enough to show ${tell(minEffect)} with chance ${POWER}`;
  if (!Number.isFinite(low) || !Number.isFinite(high))
    return stop(`Stop: ${had}, and none is shown: the effect is ${range}.`);
  const narrow = unitsToNarrow(law, minEffect);
  const until = narrow === null ? 'more data' : `${narrow} units`;
  return keepRunning(
    narrow,
    `${until}: ${had}, but the effect is ${range}: it may be none or worth having until the interval is narrower than that.`,
  );
}

const ship = (sentence: string): ExperimentDecision => ({
  action: 'ship',
  untilUnits: null,
  sentence,
});

const stop = (sentence: string): ExperimentDecision => ({
  action: 'stop',
  untilUnits: null,
  sentence,
});

const keepRunning = (untilUnits: number | null, why: string): ExperimentDecision => ({
  action: 'keep_running',
  untilUnits,
  sentence: `Keep running until ${why}`,
});

/** With the minus that the rest of an answer has. */
const show = (value: number): string => {
  const size = Math.abs(value);
  const text = Number.isFinite(size) ? String(Number(size.toPrecision(3))) : '∞';
  return value < 0 && text !== '0' ? `−${text}` : text;
};

const showPercent = (value: number): string =>
  Number.isFinite(value) ? `${show(value * 100)} %` : show(value);
