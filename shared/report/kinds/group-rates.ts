import type { GroupDifference, GroupRate } from '../../stats/fairness/group-differences.ts';
import type {
  Disparity,
  FairnessReport,
  GroupMetrics,
  Rate,
} from '../../stats/fairness/group-metrics.ts';
import { shorten } from '../escape.ts';
import { chanceText, numberText, percentText, rangeText } from '../number-text.ts';
import { type Cell, type Figure, figure, type Table } from '../report.ts';
import { ALPHA, capital, MATTERS_FROM, NAME_LENGTH, points, RATE_NAMES } from './rate-words.ts';

type Group = readonly [name: string, metrics: GroupMetrics];

/** A group is red where its interval leaves out the rate of all. */
export function rateFigure(
  rate: GroupRate,
  groups: readonly Group[],
  overall: GroupMetrics,
): Figure[] {
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

export function groupTable(groups: readonly Group[], report: FairnessReport): Table {
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

export const differenceTable = (differences: readonly GroupDifference[]): Table => ({
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

export function disparityTable(report: FairnessReport): Table {
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
