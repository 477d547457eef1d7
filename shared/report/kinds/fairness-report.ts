import type { BiasDrift } from '../../stats/fairness/bias-drift.ts';
import type {
  CalibrationDisparity,
  GroupCalibration,
} from '../../stats/fairness/calibration-by-group.ts';
import type { GroupDifference, GroupRate } from '../../stats/fairness/group-differences.ts';
import type { FairnessReport } from '../../stats/fairness/group-metrics.ts';
import { shorten } from '../escape.ts';
import { countText, numberText, percentText } from '../number-text.ts';
import { type Block, paragraph, type Report, type Section } from '../report.ts';
import { overTimeFigure, overTimeText } from './bias-over-time.ts';
import { calibrationOfGroups } from './group-calibration.ts';
import { differenceTable, disparityTable, groupTable, rateFigure } from './group-rates.ts';
import { type Mitigation, mitigationSection } from './mitigation-section.ts';
import { ALPHA, MATTERS_FROM, points, RATE_NAMES } from './rate-words.ts';

export type FairnessFindings = {
  report: FairnessReport;
  differences: readonly GroupDifference[];
  /** Of each rate that could be followed over time; empty where it was not asked for. */
  overTime: readonly BiasDrift[];
  /** What probabilities mean in each group; null where there are none. */
  calibration: {
    groups: Record<string, GroupCalibration>;
    disparity: CalibrationDisparity | null;
  } | null;
  /** Why a rate could not be followed. */
  remarks: readonly string[];
  /** What would treat the groups alike; null where it was not asked for. */
  mitigation: Mitigation | null;
};

/** Of selection rates: the four-fifths rule of the Uniform Guidelines on Employee Selection (1978). */
const LEAST_RATIO = 0.8;
const MAX_GROUPS = 40;

const RATES = Object.keys(RATE_NAMES) as GroupRate[];

/** Decisions by group: their rates with intervals, how far these are apart, and whether that is more than chance. */
export function fairnessReport(
  findings: FairnessFindings,
  { title, subject }: { title: string; subject: string },
): Report {
  const { report, differences, overTime, calibration, remarks, mitigation } = findings;
  const groups = Object.entries(report.groups).sort(([, a], [, b]) => b.n - a.n);
  const shown = groups.slice(0, MAX_GROUPS);
  const left = groups.length - shown.length;
  const rest =
    left > 0 ? [paragraph(`${countText(left, 'smaller group')}: see the JSON answer.`)] : [];
  const figures = RATES.map((rate) => rateFigure(rate, shown, report.overall));
  const sections: Section[] = [
    {
      heading: 'How far the groups are apart',
      blocks: [differenceTable(differences), disparityTable(report)],
    },
    { heading: 'Groups', blocks: [...figures.flat(), groupTable(shown, report), ...rest] },
  ];
  if (calibration) sections.push(calibrationOfGroups(calibration));
  const time: Block[] = [
    ...remarks.map(paragraph),
    ...overTime.map(overTimeText),
    ...overTime.map(overTimeFigure),
  ];
  if (time.length > 0) sections.push({ heading: 'Over time', blocks: time });
  if (mitigation) sections.push(mitigationSection(mitigation));
  sections.push({ heading: 'How this was judged', blocks: EXPLANATION.map(paragraph) });
  return {
    kind: 'fairness',
    title,
    subject,
    verdict: verdictOf(findings),
    facts: factsOf(report),
    sections,
  };
}

function verdictOf({
  report,
  differences,
  overTime,
  calibration,
}: FairnessFindings): Report['verdict'] {
  const changing = overTime.filter(({ verdict }) => verdict === 'widens' || verdict === 'varies');
  const later = changing.map(
    ({ rate, verdict }) => ` The difference in ${RATE_NAMES[rate]} ${verdict} over time.`,
  );
  if ((calibration?.disparity?.pValue ?? 1) <= ALPHA)
    later.push(' A probability does not mean the same in all groups.');
  if (differences.length === 0)
    return {
      tone: 'unsure',
      word: 'Too little data',
      sentence: `There are not two groups to compare.${smallText(report)}`,
    };
  const sure = differences.filter(({ adjustedPValue }) => adjustedPValue <= ALPHA);
  if (sure.length === 0) {
    const most = mostPossible(differences);
    const isOpen = most > MATTERS_FROM;
    const open = isOpen ? ` Differences of up to ${points(most)} are not ruled out.` : '';
    const sentence = `No rate differs between groups beyond chance.${open}${later.join('')}`;
    const tone = isOpen || later.length > 0 ? 'unsure' : 'good';
    return { tone, word: isOpen ? 'No difference shown' : 'Alike', sentence };
  }
  const isLarge = sure.some((difference) => matters(difference, report));
  const told = sure
    .map(
      ({ rate, lowest, highest, difference }) =>
        `${RATE_NAMES[rate]} (${points(difference)} between ${shorten(lowest, 30)} and ${shorten(highest, 30)})`,
    )
    .join(', ');
  return {
    tone: isLarge ? 'bad' : 'unsure',
    word: isLarge ? 'Groups differ' : 'Groups differ a little',
    sentence: `Beyond chance in ${told}.${later.join('')}`,
  };
}

/** The largest difference that an interval holds, over the rates. */
export const mostPossible = (differences: readonly GroupDifference[]): number =>
  differences.reduce((most, { interval }) => Math.max(most, interval[1]), 0);

function smallText({ tooSmall }: FairnessReport): string {
  if (tooSmall.length === 0) return '';
  const named = tooSmall.slice(0, 5).map((name) => shorten(name, 30));
  const left = tooSmall.length - named.length;
  return ` Too small: ${named.join(', ')}${left > 0 ? ` and ${left} more` : ''}.`;
}

/** Is a difference large enough to matter: 10 points, or less than four fifths of the most selected? */
function matters(
  { rate, difference }: GroupDifference,
  { demographicParity }: FairnessReport,
): boolean {
  const isUneven = rate === 'selectionRate' && (demographicParity?.ratio ?? 1) < LEAST_RATIO;
  return difference >= MATTERS_FROM || isUneven;
}

function factsOf(report: FairnessReport): Report['facts'] {
  const { overall, groups, tooSmall, demographicParity, equalizedOdds } = report;
  const small = tooSmall.length > 0 ? `${tooSmall.length} too small to compare` : undefined;
  return [
    { label: 'Rows', value: numberText(overall.n) },
    { label: 'Groups', value: numberText(Object.keys(groups).length), note: small },
    {
      label: 'Selection rates apart',
      value: demographicParity ? points(demographicParity.difference) : '–',
      note: 'demographic parity',
    },
    {
      label: 'Least of most selected',
      value: percentText(demographicParity?.ratio),
      note: 'four-fifths rule: 80 % or more',
    },
    {
      label: 'Error rates apart',
      value: equalizedOdds ? points(equalizedOdds.difference) : '–',
      note: 'equalised odds',
    },
  ].map(({ note, ...fact }) => (note === undefined ? fact : { ...fact, note }));
}

const EXPLANATION = [
  'A rate differs when the chance of as much difference between groups that are alike (chi-square over all groups; where 5 rows are not expected in every cell, exact or by permutation; adjusted over the rates by Holm) is at most 5 %. Whether a difference matters is another question: here, from 10 points on, or where the least selected group is selected less than four fifths as often as the most.',
  'Intervals of rates are exact (Clopper and Pearson), those of differences by Newcombe. The two groups furthest apart were chosen after the fact, so their difference leans outwards where there are many groups.',
  'The definitions contradict each other: where groups differ in how often the truth is positive, no useful classifier meets all of them. Which of them matters is for those to say who answer for the decisions.',
];
