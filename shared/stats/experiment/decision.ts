import type { EffectScale } from './effect.ts';
import { unitsNeeded } from './power.ts';

export type ExperimentDecision = {
  action: 'ship' | 'stop' | 'keep_running';
  /** Total units at which to look again, when running on; null when that cannot be told. */
  untilUnits: number | null;
  sentence: string;
};

export type DecisionEvidence = {
  effect: number;
  /** Always-valid interval, if one looks before the end. */
  interval: readonly [number, number];
  standardError: number;
  /** Units so far, both arms. */
  n: number;
  /** Smallest effect worth having; effects below minus this are harm. */
  minEffect: number;
  /** p of the sample-ratio check. */
  sampleRatioP: number;
  /** Of the effect: a relative one is told in per cent. */
  scale?: EffectScale;
};

/** Below this the split is broken. */
const BROKEN_BELOW = 0.001;
const POWER = 0.8;
const ALPHA = 0.05;

/**
 * Ship, stop, or keep running until n: a broken split or shown harm stops; an interval above 0 ships; one that
 * cannot hold an effect worth having stops; else run until the smallest such effect would be found with chance 0.8.
 */
export function decideExperiment(evidence: DecisionEvidence): ExperimentDecision {
  const { interval, minEffect, sampleRatioP } = evidence;
  const [low, high] = interval;
  const tell = evidence.scale === 'relative' ? showPercent : show;
  const range = `${tell(low)} to ${tell(high)}`;
  if (sampleRatioP < BROKEN_BELOW)
    return stop(`Stop: the split is broken (p ${show(sampleRatioP)}), no result can be trusted.`);
  if (high < 0) return stop(`Stop: the effect is harm, ${range}.`);
  if (low > 0)
    return { action: 'ship', untilUnits: null, sentence: `Ship: the effect is ${range}.` };
  if (high < minEffect)
    return stop(`Stop: the effect is ${range}, below the ${tell(minEffect)} worth having.`);
  const untilUnits = nextLook(evidence);
  const until = untilUnits === null ? 'more data' : `${untilUnits} units`;
  const sentence = `Keep running until ${until}: the effect is ${range}, not settled.`;
  return { action: 'keep_running', untilUnits, sentence };
}

const stop = (sentence: string): ExperimentDecision => ({
  action: 'stop',
  untilUnits: null,
  sentence,
});

function nextLook({ standardError, n, minEffect }: DecisionEvidence): number | null {
  if (!(minEffect > 0) || !(standardError > 0)) return null;
  const variance = (standardError ** 2 * n) / 4;
  const question = { variance, effect: minEffect, alpha: ALPHA, power: POWER };
  const needed = 2 * unitsNeeded({ ...question, alternative: 'two-sided' });
  return Math.max(needed, n + 1);
}

const show = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(3))) : value > 0 ? 'any' : 'minus any';

const showPercent = (value: number): string =>
  Number.isFinite(value) ? `${show(value * 100)} %` : show(value);
