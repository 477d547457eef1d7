import type { BiasDrift, BiasWindow } from '../../stats/fairness/bias-drift.ts';
import type {
  CalibrationDisparity,
  GroupCalibration,
} from '../../stats/fairness/calibration-by-group.ts';
import type { GroupDifference, GroupRate } from '../../stats/fairness/group-differences.ts';
import type {
  Disparity,
  FairnessReport,
  GroupMetrics,
  Rate,
} from '../../stats/fairness/group-metrics.ts';
import { shorten } from '../escape.ts';
import { chanceText, countText, numberText, percentText, rangeText } from '../number-text.ts';
import {
  type Block,
  type Cell,
  type Figure,
  figure,
  paragraph,
  type Report,
  type Section,
  type Table,
} from '../report.ts';
import { calibrationOfGroups } from './group-calibration.ts';

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
};

const ALPHA = 0.05;
/** Of selection rates: the four-fifths rule of the Uniform Guidelines on Employee Selection (1978). */
const LEAST_RATIO = 0.8;
const MATTERS_FROM = 0.1;
const MAX_GROUPS = 40;
const MAX_WINDOWS = 200;
const NAME_LENGTH = 60;

export const RATE_NAMES: Record<GroupRate, string> = {
  selectionRate: 'selection rate',
  truePositiveRate: 'true positive rate',
  falsePositiveRate: 'false positive rate',
  precision: 'precision',
};
const RATES = Object.keys(RATE_NAMES) as GroupRate[];

/** Decisions by group: their rates with intervals, how far these are apart, and whether that is more than chance. */
export function fairnessReport(
  findings: FairnessFindings,
  { title, subject }: { title: string; subject: string },
): Report {
  const { report, differences, overTime, calibration, remarks } = findings;
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
      sentence: 'There are not two groups to compare.',
    };
  const sure = differences.filter(({ adjustedPValue }) => adjustedPValue <= ALPHA);
  if (sure.length === 0) {
    const sentence = `No rate differs between groups beyond chance.${later.join('')}`;
    return { tone: later.length > 0 ? 'unsure' : 'good', word: 'Alike', sentence };
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

/** Is a difference large enough to matter: 10 points, or less than four fifths of the most selected? */
function matters(
  { rate, difference }: GroupDifference,
  { demographicParity }: FairnessReport,
): boolean {
  const isUneven = rate === 'selectionRate' && (demographicParity?.ratio ?? 1) < LEAST_RATIO;
  return difference >= MATTERS_FROM || isUneven;
}

const points = (difference: number): string =>
  `${numberText(Math.round(difference * 1000) / 10)} points`;

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

type Group = readonly [name: string, metrics: GroupMetrics];

/** A group is red where its interval leaves out the rate of all. */
function rateFigure(rate: GroupRate, groups: readonly Group[], overall: GroupMetrics): Figure[] {
  const all = overall[rate];
  const rows = groups.flatMap(([name, metrics]) => {
    const own = metrics[rate];
    if (!own) return [];
    const [low, high] = own.interval;
    const isApart = all !== null && (low > all.value || high < all.value);
    const tone = isApart ? ('bad' as const) : ('plain' as const);
    return [{ label: shorten(name, NAME_LENGTH), value: own.value, low, high, tone }];
  });
  if (rows.length === 0) return [];
  const name = RATE_NAMES[rate];
  return [
    figure(`${capital(name)} by group`, {
      type: 'intervals',
      axis: `${name}, 95 % interval`,
      format: 'percent',
      baseline: all && { value: all.value, label: 'all' },
      rows,
    }),
  ];
}

const number = (label: string) => ({ label, isNumber: true });

const rateCell = (rate: Rate): Cell => ({
  text: percentText(rate?.value),
  order: rate?.value ?? null,
});

function groupTable(groups: readonly Group[], report: FairnessReport): Table {
  const row = (name: string, metrics: GroupMetrics): Cell[] => [
    { text: report.tooSmall.includes(name) ? `${name} (too small to compare)` : name },
    { text: numberText(metrics.n), order: metrics.n },
    rateCell(metrics.selectionRate),
    rateCell(metrics.truePositiveRate),
    rateCell(metrics.falsePositiveRate),
    rateCell(metrics.precision),
    rateCell(metrics.accuracy),
  ];
  const labels = ['Rows', 'Selected', 'TPR', 'FPR', 'Precision', 'Accuracy'];
  return {
    kind: 'table',
    caption: 'Rates of each group: the largest first',
    columns: [{ label: 'Group' }, ...labels.map(number)],
    rows: [
      ...groups.map(([name, metrics]) => row(shorten(name, NAME_LENGTH), metrics)),
      row('all', report.overall),
    ],
  };
}

const differenceTable = (differences: readonly GroupDifference[]): Table => ({
  kind: 'table',
  caption:
    'Rates between the groups that are furthest apart. p: do the groups differ at all, adjusted over the rates.',
  columns: [
    { label: 'Rate' },
    { label: 'Lowest' },
    { label: 'Highest' },
    number('Difference'),
    { label: '95 % interval' },
    number('p'),
    { label: 'Says' },
  ],
  rows: differences.map(({ rate, lowest, highest, difference, interval, adjustedPValue }) => [
    { text: RATE_NAMES[rate] },
    { text: shorten(lowest, NAME_LENGTH) },
    { text: shorten(highest, NAME_LENGTH) },
    { text: points(difference), order: difference },
    { text: rangeText(interval[0], interval[1], 'percent') },
    { text: chanceText(adjustedPValue), order: adjustedPValue },
    adjustedPValue <= ALPHA
      ? { text: 'differs', tone: difference >= MATTERS_FROM ? 'bad' : 'unsure' }
      : { text: 'within chance', tone: 'good' },
  ]),
});

function disparityTable(report: FairnessReport): Table {
  const row = (name: string, meaning: string, disparity: Disparity): Cell[] => [
    { text: name },
    { text: meaning },
    { text: disparity ? points(disparity.difference) : '–', order: disparity?.difference ?? null },
    { text: percentText(disparity?.ratio), order: disparity?.ratio ?? null },
  ];
  return {
    kind: 'table',
    caption: 'By the usual definitions: largest difference and smallest ratio between groups',
    columns: [{ label: 'Definition' }, { label: 'Asks' }, number('Difference'), number('Ratio')],
    rows: [
      row('Demographic parity', 'Is each group selected as often?', report.demographicParity),
      row(
        'Equal opportunity',
        'Of those who should be, are as many selected?',
        report.equalOpportunity,
      ),
      row(
        'Equalised odds',
        'Are both error rates alike? The worse of the two.',
        report.equalizedOdds,
      ),
      row('Predictive parity', 'Is a selection as often right?', report.predictiveParity),
    ],
  };
}

const SAYS: Record<BiasDrift['verdict'], string> = {
  widens: 'The difference widens',
  narrows: 'The difference narrows',
  varies: 'The difference varies between windows, in no one direction',
  steady: 'The difference is steady: not fair for that, only the same',
};

function overTimeText({ rate, groups, verdict, pValue, trend, trendInterval }: BiasDrift): Block {
  const [low, high] = groups.map((group) => shorten(group, 30));
  const going = `${points(trend)} a window, 95 % interval ${rangeText(...trendInterval, 'percent')}`;
  return paragraph(
    `${capital(RATE_NAMES[rate])}, ${high} less ${low}. ${SAYS[verdict]} (p ${chanceText(pValue)}; trend ${going}).`,
  );
}

function overTimeFigure(drift: BiasDrift): Figure {
  const [low, high] = drift.groups.map((group) => shorten(group, 30));
  const windows = drift.windows.slice(-MAX_WINDOWS);
  const at = (window: number) => ({ x: window + 1, label: `window ${window + 1}` });
  const line = (of: (window: BiasWindow) => number | null) =>
    windows.flatMap((one) => {
      const y = of(one);
      return y === null ? [] : [{ ...at(one.window), y }];
    });
  const differences = windows.flatMap(({ window, difference, interval }) =>
    difference === null || interval === null
      ? []
      : [{ ...at(window), y: difference, low: interval[0], high: interval[1] }],
  );
  return figure(`${capital(RATE_NAMES[drift.rate])} over time`, {
    type: 'curves',
    x: { label: 'window', format: 'number' },
    y: { label: 'rate', format: 'percent' },
    levels: [{ label: 'no difference', value: 0 }],
    series: [
      { name: low, style: 'line', points: line((window) => window.low) },
      { name: 'difference', style: 'line', points: differences },
      { name: high, style: 'line', points: line((window) => window.high) },
    ],
  });
}

const capital = (text: string): string => `${text[0].toUpperCase()}${text.slice(1)}`;

const EXPLANATION = [
  'A rate differs when the chance of as much difference between groups that are alike (chi-square over all groups, adjusted over the rates by Holm) is at most 5 %. Whether a difference matters is another question: here, from 10 points on, or where the least selected group is selected less than four fifths as often as the most.',
  'Intervals of rates are exact (Clopper and Pearson), those of differences by Newcombe. The two groups furthest apart were chosen after the fact, so their difference leans outwards where there are many groups.',
  'The definitions contradict each other: where groups differ in how often the truth is positive, no useful classifier meets all of them. Which of them matters is for those to say who answer for the decisions.',
];
