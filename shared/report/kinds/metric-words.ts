import type { ExperimentError } from '../../stats/experiment/analyse.ts';
import type { Arm } from '../../stats/experiment/arm.ts';
import { BROKEN_BELOW } from '../../stats/experiment/decision.ts';
import type { MetricAnswer, MetricFinding } from '../../stats/experiment/findings.ts';
import { shorten } from '../escape.ts';
import { numberText, percentText, rangeText, valueText } from '../number-text.ts';
import type { Tone, ValueFormat } from '../report.ts';

const NAME_LENGTH = 80;

/** What became of a metric, its margin heard: worse within what is borne is not what worse is. */
export const STANDINGS = ['better', 'not_worse', 'worse_within', 'worse', 'unsettled'] as const;
export type MetricStanding = (typeof STANDINGS)[number];

export function standingOf({ direction, nonInferiority }: MetricAnswer): MetricStanding {
  const margin = nonInferiority?.verdict;
  if (direction === 'better') return 'better';
  if (margin === 'not_worse') return direction === 'worse' ? 'worse_within' : 'not_worse';
  return direction === 'worse' || margin === 'worse' ? 'worse' : 'unsettled';
}

const TONES: Record<MetricStanding, Tone> = {
  better: 'good',
  not_worse: 'good',
  worse_within: 'unsure',
  worse: 'bad',
  unsettled: 'unsure',
};

const WORDS: Record<MetricStanding, string> = {
  better: 'Better',
  not_worse: 'Not worse',
  worse_within: 'Worse within the margin',
  worse: 'Worse',
  unsettled: 'Not settled',
};

export const isSplitBroken = ({ sampleRatioP: p }: MetricFinding): boolean =>
  p !== null && p < BROKEN_BELOW;

/** Of a broken split nothing is good. */
export const toneOf = (finding: MetricFinding, answer: MetricAnswer): Tone =>
  isSplitBroken(finding) ? 'unsure' : TONES[standingOf(answer)];

export const wordOf = (finding: MetricFinding, answer: MetricAnswer): string =>
  isSplitBroken(finding) ? 'Not to be trusted' : WORDS[standingOf(answer)];

export const answerIn = ({ answer }: MetricFinding): MetricAnswer | null =>
  answer.ok ? answer.value : null;

export const formatOf = ({ question }: MetricFinding): ValueFormat =>
  question.effect === 'relative' ? 'percent' : 'number';

export const nameOf = ({ question }: MetricFinding): string => shorten(question.name, NAME_LENGTH);

/** The effect with the interval that its verdict was held against. */
export function effectText(finding: MetricFinding, answer: MetricAnswer): string {
  const format = formatOf(finding);
  const { effect, adjustedInterval, adjustedOver } = answer;
  const interval = adjustedOver > 1 ? 'adjusted interval' : 'interval';
  const below = isBelowZero(finding, answer) ? `, ${OF_SIZE}` : '';
  return `${signed(effect, format)}, ${level(finding)} ${interval} ${intervalText(adjustedInterval, format)}${below}`;
}

const OF_SIZE = "of the size of the control's mean, which is below 0";

/** Relative to a mean below 0, more is above 0 only when the size is what it is relative to. */
const isBelowZero = ({ question }: MetricFinding, { control }: MetricAnswer): boolean =>
  question.effect === 'relative' && control.base < 0;

export const signed = (value: number, format: ValueFormat): string =>
  `${value > 0 ? '+' : ''}${valueText(value, format)}`;

export const level = ({ question }: MetricFinding): string => percentText(1 - question.alpha);

export const intervalText = ([low, high]: readonly [number, number], format: ValueFormat): string =>
  rangeText(finiteOr(low), finiteOr(high), format);

export const finiteOr = (bound: number): number | null => (Number.isFinite(bound) ? bound : null);

export const meanText = ({ question }: MetricFinding, arm: Arm): string =>
  question.control.kind === 'proportion' ? percentText(arm.base) : numberText(arm.base);

/** Why a metric has no answer, in a sentence. */
export function whyNot(error: ExperimentError): string {
  switch (error.reason) {
    case 'too_few_units':
      return `Too few units: an arm has ${error.n}, ${error.needed} are needed.`;
    case 'not_a_count':
      return `The sums of an arm contradict each other: ${error.field} cannot be ${numberText(error.value)}.`;
    case 'kinds_differ':
      return `Control and treatment are of different kinds: ${error.control} and ${error.treatment}.`;
    case 'denominator_is_zero':
      return 'A ratio whose denominator is 0 has no value.';
    case 'bad_stratum':
      return `Stratum ${shorten(error.stratum, NAME_LENGTH)}: ${whyNot(error.because)}`;
    case 'strata_do_not_add_up':
      return `The strata hold ${numberText(error.inStrata)} units of the ${error.arm}, which has ${numberText(error.n)}.`;
    case 'no_spread':
      return 'Neither arm has any spread: there is no error to hold an effect against.';
    case 'control_mean_is_zero':
      return "The control's mean is 0: an effect relative to it has no value.";
    case 'mean_below_zero':
      return `GrowthBook divides by the control's mean with its sign: it is ${numberText(error.mean)}, so more would be told as less. Ask for an absolute effect, or without "compatibility".`;
    case 'no_relative_error':
      return 'The treatment is 0 throughout: an effect relative to the control has no error to hold it against, an absolute one has.';
    case 'beyond_numbers':
      return 'The sums are too large or too small to tell an effect by.';
    case 'bad_alpha':
      return 'Alpha must be between 0 and 1; of a sequence that is asked one-sided, below 0.5.';
    case 'bad_weights':
      return `The shares that were meant, ${error.weights.join(' and ')}, are not both above 0: the split cannot be checked.`;
  }
}
