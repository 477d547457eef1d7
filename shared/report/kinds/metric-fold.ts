import type { Arm } from '../../stats/experiment/arm.ts';
import type { MetricAnswer, MetricFinding } from '../../stats/experiment/findings.ts';
import { chanceText, numberText, percentText, valueText } from '../number-text.ts';
import {
  type Block,
  type Cell,
  type Fold,
  paragraph,
  type Table,
  type ValueFormat,
} from '../report.ts';
import { partBlocks } from './experiment-parts.ts';
import {
  answerIn,
  effectText,
  formatOf,
  intervalText,
  level,
  meanText,
  nameOf,
  signed,
  toneOf,
  whyNot,
  wordOf,
} from './metric-words.ts';

export const foldId = (i: number): string => `metric-${i + 1}`;

/** One metric in full. */
export function foldOf(finding: MetricFinding, i: number): Fold {
  const answer = answerIn(finding);
  return {
    kind: 'fold',
    id: foldId(i),
    heading: nameOf(finding),
    tone: answer ? toneOf(finding, answer) : 'unsure',
    mark: answer ? wordOf(finding, answer) : 'Cannot be told',
    summary: answer ? effectText(finding, answer) : '',
    isOpen: i === 0,
    blocks: answer ? blocksOf(finding, answer) : [paragraph(reasonOf(finding))],
  };
}

function blocksOf(finding: MetricFinding, answer: MetricAnswer): Exclude<Block, Fold>[] {
  const { decision } = answer;
  return [
    ...(decision ? [paragraph(decision.sentence)] : []),
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
  const alone = answer.adjustedOver > 1 ? ', alone' : '';
  const [riskOfShipping, riskOfNot] = answer.risk ?? [null, null];
  const rows: [string, string][] = [
    ['test', `${question.test}, ${question.alternative}`],
    ['effect', signed(answer.effect, format)],
    [`${level(finding)} interval${alone}`, intervalText(answer.interval, format)],
    [`p${alone}`, chanceText(answer.pValue)],
    ...(answer.adjustedOver > 1 ? adjustedRows(answer, format) : []),
    ...marginRows(answer, format),
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

const adjustedRows = (answer: MetricAnswer, format: ValueFormat): [string, string][] => [
  ['interval, adjusted over the metrics', intervalText(answer.adjustedInterval, format)],
  ['p, adjusted over the metrics', chanceText(answer.adjustedPValue)],
];

function marginRows(
  { nonInferiority: asked }: MetricAnswer,
  format: ValueFormat,
): [string, string][] {
  if (!asked) return [];
  return [
    ['worse by at most, borne', valueText(asked.margin, format)],
    ['worst effect not ruled out', signed(asked.bound, format)],
    ['p of being worse by more', chanceText(asked.adjustedPValue)],
    ['chance of not being worse by more', percentText(asked.chance)],
  ];
}

const reasonOf = ({ answer }: MetricFinding): string => (answer.ok ? '' : whyNot(answer.error));
