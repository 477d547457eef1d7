import type {
  CalibrationDisparity,
  GroupCalibration,
} from '../../stats/fairness/calibration-by-group.ts';
import { shorten } from '../escape.ts';
import { chanceText, numberText, percentText, rangeText } from '../number-text.ts';
import { figure, paragraph, type Section, type Table } from '../report.ts';

const MAX_GROUPS = 40;
const NAME_LENGTH = 60;
const ALPHA = 0.05;
/** The interval of fewer rows says nothing. */
const MIN_ROWS = 20;

/** Does a probability mean the same in every group? */
export function calibrationOfGroups({
  groups,
  disparity,
}: {
  groups: Record<string, GroupCalibration>;
  disparity: CalibrationDisparity | null;
}): Section {
  const shown = Object.entries(groups)
    .sort(([, a], [, b]) => b.n - a.n)
    .slice(0, MAX_GROUPS);
  const rows = shown.map(([name, { n, gap, gapInterval }]) => {
    const [low, high] = gapInterval;
    const isApart = n >= MIN_ROWS && (low > 0 || high < 0);
    const tone = isApart ? ('bad' as const) : ('plain' as const);
    return { label: shorten(name, NAME_LENGTH), value: gap, low, high, tone };
  });
  return {
    heading: 'What a probability means in each group',
    blocks: [
      paragraph(verdictOf(disparity)),
      figure('What happened less what was told', {
        type: 'intervals',
        axis: 'above 0: the group is underestimated',
        format: 'percent',
        baseline: { value: 0, label: 'as told' },
        rows,
      }),
      tableOf(shown),
    ],
  };
}

function verdictOf(disparity: CalibrationDisparity | null): string {
  if (!disparity) return 'There are not two groups to compare.';
  const { difference, ratio, pValue } = disparity;
  const apart = `${numberText(Math.round(difference * 1000) / 10)} points apart, ratio ${percentText(ratio)}, p ${chanceText(pValue)}`;
  return pValue <= ALPHA
    ? `A probability does not mean the same in all groups (${apart}).`
    : `A probability means the same in all groups, as far as these rows tell (${apart}).`;
}

const tableOf = (groups: readonly [string, GroupCalibration][]): Table => ({
  kind: 'table',
  caption: 'Mean probability told and share that happened, the largest group first',
  columns: [
    { label: 'Group' },
    { label: 'Rows', isNumber: true },
    { label: 'Told', isNumber: true },
    { label: 'Happened', isNumber: true },
    { label: 'Gap', isNumber: true },
    { label: '95 % interval' },
    { label: 'Calibration error', isNumber: true },
  ],
  rows: groups.map(([name, { n, told, happened, gap, gapInterval, calibrationError }]) => [
    { text: shorten(name, NAME_LENGTH) },
    { text: numberText(n), order: n },
    { text: percentText(told), order: told },
    { text: percentText(happened), order: happened },
    { text: percentText(gap), order: gap },
    { text: rangeText(gapInterval[0], gapInterval[1], 'percent') },
    { text: numberText(calibrationError), order: calibrationError },
  ]),
});
