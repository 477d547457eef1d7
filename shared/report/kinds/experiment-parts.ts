import type { MetricAnswer } from '../../stats/experiment/findings.ts';
import type { Novelty } from '../../stats/experiment/parts.ts';
import { shorten } from '../escape.ts';
import { chanceText, valueText } from '../number-text.ts';
import { type Figure, figure, type Paragraph, paragraph, type ValueFormat } from '../report.ts';

const MAX_DAYS = 120;
const MAX_SEGMENTS = 30;
const ALPHA = 0.05;

const SAYS: Record<Novelty['verdict'], string> = {
  wears_off: 'The effect wears off: what it is now says more than what it was on average',
  grows: 'The effect grows by the day: what it is now says more than what it was on average',
  varies: 'The effect differs between days beyond chance, in no one direction',
  steady: 'The effect does not change over the days beyond chance',
};

/** The effect by day and by segment: what they say first, then both figures. */
export function partBlocks(answer: MetricAnswer, format: ValueFormat): (Paragraph | Figure)[] {
  const blocks = [...noveltyBlocks(answer, format), ...segmentBlocks(answer, format)];
  return [
    ...blocks.filter(({ kind }) => kind === 'text'),
    ...blocks.filter(({ kind }) => kind === 'figure'),
  ];
}

function noveltyBlocks({ novelty }: MetricAnswer, format: ValueFormat): (Paragraph | Figure)[] {
  if (!novelty) return [];
  const { days, movement, verdict } = novelty;
  const points = days.slice(-MAX_DAYS).map(({ segment, estimate, interval: [low, high] }, i) => ({
    ...{ x: i + 1, y: estimate, low, high },
    label: shorten(segment, 40),
  }));
  return [
    paragraph(`${SAYS[verdict]} (p ${chanceText(movement.pValue)}).`),
    figure('The effect by day', {
      type: 'curves',
      x: { label: 'day', format: 'number' },
      y: { label: 'effect, with its interval', format },
      levels: [{ label: 'no effect', value: 0 }],
      series: [{ name: 'effect', style: 'line', points }],
    }),
  ];
}

function segmentBlocks({ segments }: MetricAnswer, format: ValueFormat): (Paragraph | Figure)[] {
  if (!segments) return [];
  const { pValue, effects } = segments;
  const other = segments.segments.filter(({ adjustedPValue }) => adjustedPValue <= ALPHA);
  const named = other
    .slice(0, 5)
    .map(
      ({ segment, difference }) =>
        `${shorten(segment, 40)} (${valueText(difference, format)} from the others)`,
    );
  const sentence =
    other.length > 0
      ? `The effect is another in ${named.join(', ')}.`
      : 'The effect is in no segment another than in the others, beyond chance.';
  const rows = effects
    .slice(0, MAX_SEGMENTS)
    .map(({ segment, estimate, interval: [low, high] }) => ({
      ...{ label: shorten(segment, 60), value: estimate, low, high },
      tone: other.some((one) => one.segment === segment) ? ('bad' as const) : ('plain' as const),
    }));
  return [
    paragraph(`${sentence} One effect in all: p ${chanceText(pValue)}.`),
    figure('The effect by segment', {
      type: 'intervals',
      axis: 'effect, with its interval',
      format,
      baseline: { value: 0, label: 'no effect' },
      interval: 'interval',
      rows,
    }),
  ];
}
