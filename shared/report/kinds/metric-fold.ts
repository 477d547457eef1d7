import type { ExperimentError } from '../../stats/experiment/analyse.ts';
import type { Arm } from '../../stats/experiment/arm.ts';
import type { MetricAnswer, MetricFinding } from '../../stats/experiment/findings.ts';
import { chanceText, numberText, percentText, valueText } from '../number-text.ts';
import { type Block, type Cell, type Fold, paragraph, type Table } from '../report.ts';
import { partBlocks } from './experiment-parts.ts';
import {
  answerIn,
  decisionText,
  effectText,
  formatOf,
  intervalText,
  level,
  meanText,
  nameOf,
  signed,
  TONES,
  WORDS,
} from './metric-words.ts';

export const foldId = (i: number): string => `metric-${i + 1}`;

/** One metric in full. */
export function foldOf(finding: MetricFinding, i: number): Fold {
  const answer = answerIn(finding);
  const direction = answer?.direction ?? 'unsettled';
  return {
    kind: 'fold',
    id: foldId(i),
    heading: nameOf(finding),
    tone: TONES[direction],
    mark: answer ? WORDS[direction] : 'Cannot be told',
    summary: answer ? effectText(finding, answer) : '',
    isOpen: i === 0,
    blocks: answer ? blocksOf(finding, answer) : [paragraph(whyNot(finding))],
  };
}

function blocksOf(finding: MetricFinding, answer: MetricAnswer): Exclude<Block, Fold>[] {
  const decision = decisionText(answer);
  return [
    ...(decision ? [paragraph(decision)] : []),
    armTable(finding, answer),
    answerTable(finding, answer),
    ...partBlocks(answer, formatOf(finding)),
  ];
}

function armTable(finding: MetricFinding, { control, treatment }: MetricAnswer): Table {
  const isAdjusted = control.mean !== control.base;
  const row = (name: string, arm: Arm): Cell[] => [
    { text: name },
    { text: numberText(arm.n) },
    { text: meanText(finding, arm) },
    ...(isAdjusted ? [{ text: numberText(arm.mean) }] : []),
    { text: numberText(Math.sqrt(arm.variance(1))) },
  ];
  const labels = ['Units', 'Mean', ...(isAdjusted ? ['Adjusted mean'] : []), 'Standard deviation'];
  return {
    kind: 'table',
    caption: isAdjusted ? 'Both arms; adjusted by CUPED with their covariate' : 'Both arms',
    columns: [{ label: 'Arm' }, ...labels.map((label) => ({ label, isNumber: true }))],
    rows: [row('control', control), row('treatment', treatment)],
  };
}

function answerTable(finding: MetricFinding, answer: MetricAnswer): Table {
  const { question, sampleRatioP } = finding;
  const format = formatOf(finding);
  const [riskOfShipping, riskOfNot] = answer.risk ?? [null, null];
  const rows: [string, string][] = [
    ['test', `${question.test}, ${question.alternative}`],
    ['effect', signed(answer.effect, format)],
    [`${level(finding)} interval`, intervalText(answer.interval, format)],
    ['p, alone', chanceText(answer.pValue)],
    ['p, adjusted over the metrics', chanceText(answer.adjustedPValue)],
    ['chance to win', percentText(answer.chanceToWin)],
    [
      'risk of shipping, of not shipping',
      answer.risk ? `${numberText(riskOfShipping)}, ${numberText(riskOfNot)}` : '–',
    ],
    ['effect that 80 % of such experiments find', valueText(answer.detectable, format)],
    ['split as meant, p', chanceText(sampleRatioP)],
  ];
  return {
    kind: 'table',
    caption: 'What was found',
    columns: [{ label: '' }, { label: 'value', isNumber: true }],
    rows: rows
      .filter(([, text]) => text !== '–')
      .map(([label, text]) => [{ text: label }, { text }]),
  };
}

function whyNot({ answer }: MetricFinding): string {
  return answer.ok ? '' : REASONS[answer.error.reason](answer.error);
}

const REASONS: Record<ExperimentError['reason'], (error: ExperimentError) => string> = {
  too_few_units: (error) =>
    `Too few units: an arm has ${'n' in error ? error.n : 'less'}, 2 are needed.`,
  not_a_count: (error) =>
    `The sums of an arm contradict each other: ${'field' in error ? error.field : ''}.`,
  kinds_differ: () => 'Control and treatment are of different kinds.',
  denominator_is_zero: () => 'A ratio whose denominator is 0 has no value.',
  no_spread: () => 'Neither arm has any spread: there is no error to hold an effect against.',
  control_mean_is_zero: () => "The control's mean is 0: an effect relative to it has no value.",
  bad_alpha: () => 'Alpha must be between 0 and 1.',
};
