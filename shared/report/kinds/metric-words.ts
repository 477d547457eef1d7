import type { Arm } from '../../stats/experiment/arm.ts';
import type { Direction, MetricAnswer, MetricFinding } from '../../stats/experiment/findings.ts';
import { shorten } from '../escape.ts';
import { chanceText, numberText, percentText, rangeText, valueText } from '../number-text.ts';
import type { Tone, ValueFormat } from '../report.ts';

const NAME_LENGTH = 80;

export const TONES: Record<Direction, Tone> = { better: 'good', worse: 'bad', unsettled: 'unsure' };

export const WORDS: Record<Direction, string> = {
  better: 'Better',
  worse: 'Worse',
  unsettled: 'Not settled',
};

export const answerIn = ({ answer }: MetricFinding): MetricAnswer | null =>
  answer.ok ? answer.value : null;

export const formatOf = ({ question }: MetricFinding): ValueFormat =>
  question.effect === 'relative' ? 'percent' : 'number';

export const nameOf = ({ question }: MetricFinding): string => shorten(question.name, NAME_LENGTH);

export function effectText(finding: MetricFinding, { effect, interval }: MetricAnswer): string {
  const format = formatOf(finding);
  return `${signed(effect, format)}, ${level(finding)} interval ${intervalText(interval, format)}`;
}

export const signed = (value: number, format: ValueFormat): string =>
  `${value > 0 ? '+' : ''}${valueText(value, format)}`;

export const level = ({ question }: MetricFinding): string => percentText(1 - question.alpha);

export const intervalText = ([low, high]: readonly [number, number], format: ValueFormat): string =>
  rangeText(finiteOr(low), finiteOr(high), format);

/** What to do by this metric; one that moved only when looked at alone does not say so by itself. */
export function decisionText({ decision, direction, adjustedPValue }: MetricAnswer): string | null {
  if (!decision) return null;
  return decision.action === 'ship' && direction === 'unsettled'
    ? `Not settled: p adjusted over the metrics is ${chanceText(adjustedPValue)}. Looked at alone it would say: ${decision.sentence}`
    : decision.sentence;
}

export const finiteOr = (bound: number): number | null => (Number.isFinite(bound) ? bound : null);

export const meanText = ({ question }: MetricFinding, arm: Arm): string =>
  question.control.kind === 'proportion' ? percentText(arm.base) : numberText(arm.base);
