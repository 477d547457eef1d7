import type { Adjustment } from '../../stats/experiment/adjustment.ts';
import { BROKEN_BELOW } from '../../stats/experiment/decision.ts';
import type { MetricAnswer, MetricFinding } from '../../stats/experiment/findings.ts';
import { chanceText, countText, numberText, percentText } from '../number-text.ts';
import {
  type Cell,
  type Figure,
  figure,
  type Intervals,
  paragraph,
  type Report,
  type Table,
} from '../report.ts';
import { explainTests } from './explain-tests.ts';
import { foldId, foldOf } from './metric-fold.ts';
import {
  answerIn,
  effectText,
  finiteOr,
  formatOf,
  intervalText,
  isSplitBroken,
  level,
  type MetricStanding,
  meanText,
  nameOf,
  signed,
  standingOf,
  toneOf,
  wordOf,
} from './metric-words.ts';

/** Metrics shown: an experiment with more is read as JSON. */
const MAX_METRICS = 100;

/** Metrics of an experiment: what the treatment did to each, how sure that is, and what to do. */
export function experimentReport(
  findings: readonly MetricFinding[],
  { title, subject, adjustment }: { title: string; subject: string; adjustment?: Adjustment },
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
      { heading: 'How this was judged', blocks: explainTests(findings, adjustment).map(paragraph) },
    ],
  };
}

function verdictOf(findings: readonly MetricFinding[]): Report['verdict'] {
  const broken = findings.find(isSplitBroken);
  if (broken)
    return {
      tone: 'bad',
      word: 'Broken split',
      sentence: `The arms did not get the users they were meant to (p ${chanceText(broken.sampleRatioP)}): no result can be trusted until that is explained.`,
    };
  const [first] = findings;
  const answer = first && answerIn(first);
  if (findings.length === 1 && answer) return verdictOfOne(first, answer);
  const went = (...wanted: MetricStanding[]): string[] =>
    findings
      .filter((finding) => {
        const answered = answerIn(finding);
        return answered !== null && wanted.includes(standingOf(answered));
      })
      .map(nameOf);
  const [better, worse] = [went('better'), went('worse')];
  const held = went('not_worse', 'worse_within');
  const list = (names: string[]): string =>
    names.length > 3
      ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`
      : names.join(', ');
  const parts = [
    better.length > 0 ? `Better: ${list(better)}.` : '',
    worse.length > 0 ? `Worse: ${list(worse)}.` : '',
    held.length > 0 ? `Not worse by more than is borne: ${list(held)}.` : '',
    better.length + worse.length + held.length === 0
      ? `None of ${countText(findings.length, 'metric')} moved beyond chance.`
      : '',
  ];
  const sentence = parts.filter((part) => part !== '').join(' ');
  if (worse.length > 0)
    return { tone: 'bad', word: better.length > 0 ? 'Mixed' : 'Worse', sentence };
  if (better.length > 0) return { tone: 'good', word: 'Better', sentence };
  return held.length === findings.length
    ? { tone: 'good', word: 'Not worse', sentence }
    : { tone: 'unsure', word: 'Not settled', sentence };
}

function verdictOfOne(finding: MetricFinding, answer: MetricAnswer): Report['verdict'] {
  const { decision } = answer;
  const effect = `The effect on ${nameOf(finding)} is ${effectText(finding, answer)}.`;
  const fading = answer.novelty?.verdict === 'wears_off' ? ' It wears off by the day.' : '';
  return {
    tone: toneOf(finding, answer),
    word: wordOf(finding, answer),
    sentence: `${effect}${decision ? ` ${decision.sentence}` : ''}${fading}`,
  };
}

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
      interval: intervalNameOf(group),
    };
    return [figure(title, drawing)];
  });
}

/** Its level where that is one for all, and whether it is adjusted over the metrics. */
function intervalNameOf(group: readonly MetricFinding[]): string {
  const levels = [...new Set(group.map(level))];
  const isAdjusted = group.some((finding) => (answerIn(finding)?.adjustedOver ?? 1) > 1);
  return `${levels.length === 1 ? `${levels[0]} ` : ''}${isAdjusted ? 'adjusted ' : ''}interval`;
}

function intervalRow(finding: MetricFinding): Intervals['rows'] {
  const answer = answerIn(finding);
  if (!answer) return [];
  const [low, high] = answer.adjustedInterval.map(finiteOr);
  return [
    { label: nameOf(finding), value: answer.effect, low, high, tone: toneOf(finding, answer) },
  ];
}

function overviewTable(findings: readonly MetricFinding[]): Table {
  const number = (label: string) => ({ label, isNumber: true });
  return {
    kind: 'table',
    caption: findings.some((finding) => (answerIn(finding)?.adjustedOver ?? 1) > 1)
      ? 'All metrics; p and intervals are adjusted over them'
      : 'All metrics',
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
  const { control, treatment, effect, adjustedInterval, adjustedPValue, chanceToWin } = answer;
  const format = formatOf(finding);
  return [
    head,
    { text: meanText(finding, control), order: control.base },
    { text: meanText(finding, treatment), order: treatment.base },
    { text: signed(effect, format), order: effect },
    { text: intervalText(adjustedInterval, format) },
    { text: chanceText(adjustedPValue), order: adjustedPValue },
    { text: percentText(chanceToWin), order: chanceToWin },
    { text: wordOf(finding, answer), tone: toneOf(finding, answer) },
  ];
}
