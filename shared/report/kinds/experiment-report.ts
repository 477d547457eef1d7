import type { ExperimentError } from '../../stats/experiment/analyse.ts';
import type { Arm } from '../../stats/experiment/arm.ts';
import type { Direction, MetricAnswer, MetricFinding } from '../../stats/experiment/findings.ts';
import { shorten } from '../escape.ts';
import {
  chanceText,
  countText,
  numberText,
  percentText,
  rangeText,
  valueText,
} from '../number-text.ts';
import {
  type Block,
  type Cell,
  type Figure,
  type Fold,
  figure,
  type Intervals,
  paragraph,
  type Report,
  type Table,
  type Tone,
  type ValueFormat,
} from '../report.ts';
import { partBlocks } from './experiment-parts.ts';
import { explainTests } from './explain-tests.ts';

const NAME_LENGTH = 80;
/** Metrics shown: an experiment with more is read as JSON. */
const MAX_METRICS = 100;
/** Below this the split is broken beyond chance. */
const BROKEN_BELOW = 0.001;

const TONES: Record<Direction, Tone> = { better: 'good', worse: 'bad', unsettled: 'unsure' };
const WORDS: Record<Direction, string> = {
  better: 'Better',
  worse: 'Worse',
  unsettled: 'Not settled',
};

/** Metrics of an experiment: what the treatment did to each, how sure that is, and what to do. */
export function experimentReport(
  findings: readonly MetricFinding[],
  { title, subject }: { title: string; subject: string },
): Report {
  const shown = findings.slice(0, MAX_METRICS);
  const left = findings.length - shown.length;
  return {
    kind: 'experiment',
    title,
    subject,
    verdict: verdictOf(findings),
    facts: factsOf(findings),
    sections: [
      {
        heading: 'Effects',
        blocks: [
          ...effectFigures(shown),
          overviewTable(shown),
          ...(left > 0
            ? [paragraph(`${countText(left, 'more metric')}: see the JSON answer.`)]
            : []),
        ],
      },
      { heading: 'Metric by metric', blocks: shown.map(foldOf) },
      { heading: 'How this was judged', blocks: explainTests(findings).map(paragraph) },
    ],
  };
}

const answerIn = ({ answer }: MetricFinding): MetricAnswer | null =>
  answer.ok ? answer.value : null;

const formatOf = ({ question }: MetricFinding): ValueFormat =>
  question.effect === 'relative' ? 'percent' : 'number';

const nameOf = ({ question }: MetricFinding): string => shorten(question.name, NAME_LENGTH);

function verdictOf(findings: readonly MetricFinding[]): Report['verdict'] {
  const broken = findings.find(({ sampleRatioP: p }) => p !== null && p < BROKEN_BELOW);
  if (broken)
    return {
      tone: 'bad',
      word: 'Broken split',
      sentence: `The arms did not get the users they were meant to (p ${chanceText(broken.sampleRatioP)}): no result can be trusted until that is explained.`,
    };
  const [first] = findings;
  const answer = first && answerIn(first);
  if (findings.length === 1 && answer) return verdictOfOne(first, answer);
  const went = (wanted: Direction): string[] =>
    findings.filter((finding) => answerIn(finding)?.direction === wanted).map(nameOf);
  const [better, worse] = [went('better'), went('worse')];
  const list = (names: string[]): string =>
    names.length > 3
      ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`
      : names.join(', ');
  const parts = [
    better.length > 0 ? `Better: ${list(better)}.` : '',
    worse.length > 0 ? `Worse: ${list(worse)}.` : '',
    better.length + worse.length === 0
      ? `None of ${countText(findings.length, 'metric')} moved beyond chance.`
      : '',
  ];
  const tone = worse.length > 0 ? 'bad' : better.length > 0 ? 'good' : 'unsure';
  const word =
    worse.length > 0
      ? better.length > 0
        ? 'Mixed'
        : 'Worse'
      : better.length > 0
        ? 'Better'
        : 'Not settled';
  return { tone, word, sentence: parts.filter((part) => part !== '').join(' ') };
}

function verdictOfOne(finding: MetricFinding, answer: MetricAnswer): Report['verdict'] {
  const { direction, decision } = answer;
  const effect = `The effect on ${nameOf(finding)} is ${effectText(finding, answer)}.`;
  const word = WORDS[direction];
  const fading = answer.novelty?.verdict === 'wears_off' ? ' It wears off by the day.' : '';
  return {
    tone: TONES[direction],
    word,
    sentence: `${effect}${decision ? ` ${decision.sentence}` : ''}${fading}`,
  };
}

function effectText(finding: MetricFinding, { effect, interval }: MetricAnswer): string {
  const format = formatOf(finding);
  return `${signed(effect, format)}, ${level(finding)} interval ${intervalText(interval, format)}`;
}

const signed = (value: number, format: ValueFormat): string =>
  `${value > 0 ? '+' : ''}${valueText(value, format)}`;

const level = ({ question }: MetricFinding): string => percentText(1 - question.alpha);

const intervalText = ([low, high]: readonly [number, number], format: ValueFormat): string =>
  rangeText(finiteOr(low), finiteOr(high), format);

const finiteOr = (bound: number): number | null => (Number.isFinite(bound) ? bound : null);

function factsOf(findings: readonly MetricFinding[]): Report['facts'] {
  const [first] = findings;
  if (!first) return [];
  const { control, treatment, test } = first.question;
  const answer = answerIn(first);
  const chance = answer?.chanceToWin ?? null;
  const facts = [
    { label: 'Control', value: numberText(control.n), note: 'units' },
    { label: 'Treatment', value: numberText(treatment.n), note: 'units' },
  ];
  if (findings.length > 1)
    facts.push({ label: 'Metrics', value: numberText(findings.length), note: '' });
  else if (chance !== null)
    facts.push({ label: 'Chance to win', value: percentText(chance), note: test });
  else facts.push({ label: 'p', value: chanceText(answer?.pValue), note: test });
  const { sampleRatioP } = first;
  facts.push({
    label: 'Split',
    value:
      sampleRatioP === null ? 'not checked' : sampleRatioP < BROKEN_BELOW ? 'broken' : 'as meant',
    note: sampleRatioP === null ? 'give weights' : `p ${chanceText(sampleRatioP)}`,
  });
  return facts;
}

/** Relative effects share an axis; absolute ones are of units of their own. */
function effectFigures(findings: readonly MetricFinding[]): Figure[] {
  const relative = findings.filter((finding) => formatOf(finding) === 'percent');
  const groups = [
    relative,
    ...findings.filter((finding) => !relative.includes(finding)).map((one) => [one]),
  ];
  return groups.flatMap((group) => {
    const rows = group.flatMap(intervalRow);
    if (rows.length === 0) return [];
    const format = formatOf(group[0]);
    const axis = format === 'percent' ? 'effect, relative to the control' : 'effect, absolute';
    const title =
      group === relative
        ? 'What the treatment did'
        : `What the treatment did to ${nameOf(group[0])}`;
    const drawing: Intervals = {
      type: 'intervals',
      axis,
      format,
      baseline: { value: 0, label: 'no effect' },
      rows,
    };
    return [figure(title, drawing)];
  });
}

function intervalRow(finding: MetricFinding): Intervals['rows'] {
  const answer = answerIn(finding);
  if (!answer) return [];
  const [low, high] = answer.interval.map(finiteOr);
  return [
    { label: nameOf(finding), value: answer.effect, low, high, tone: TONES[answer.direction] },
  ];
}

const foldId = (i: number): string => `metric-${i + 1}`;

function overviewTable(findings: readonly MetricFinding[]): Table {
  const number = (label: string) => ({ label, isNumber: true });
  return {
    kind: 'table',
    caption: 'All metrics. p is adjusted over them (Holm).',
    columns: [
      { label: 'Metric' },
      number('Control'),
      number('Treatment'),
      number('Effect'),
      { label: 'Interval' },
      number('p'),
      number('Chance to win'),
      { label: 'Verdict' },
    ],
    rows: findings.map(overviewRow),
  };
}

function overviewRow(finding: MetricFinding, i: number): Cell[] {
  const answer = answerIn(finding);
  const head = { text: nameOf(finding), leadsTo: foldId(i) };
  const none = { text: '–', order: null };
  if (!answer) return [head, ...Array(6).fill(none), { text: 'Cannot be told', tone: 'unsure' }];
  const { control, treatment, effect, interval, adjustedPValue, chanceToWin, direction } = answer;
  const format = formatOf(finding);
  return [
    head,
    { text: meanText(finding, control), order: control.base },
    { text: meanText(finding, treatment), order: treatment.base },
    { text: signed(effect, format), order: effect },
    { text: intervalText(interval, format) },
    { text: chanceText(adjustedPValue), order: adjustedPValue },
    { text: percentText(chanceToWin), order: chanceToWin },
    { text: WORDS[direction], tone: TONES[direction] },
  ];
}

const meanText = ({ question }: MetricFinding, arm: Arm): string =>
  question.control.kind === 'proportion' ? percentText(arm.base) : numberText(arm.base);

function foldOf(finding: MetricFinding, i: number): Fold {
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
