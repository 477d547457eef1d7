import type { BiasDrift, BiasWindow } from '../../stats/fairness/bias-drift.ts';
import { shorten } from '../escape.ts';
import { chanceText, rangeText } from '../number-text.ts';
import { type Block, type Figure, figure, paragraph } from '../report.ts';
import { capital, points, RATE_NAMES } from './rate-words.ts';

const MAX_WINDOWS = 200;

const SAYS: Record<BiasDrift['verdict'], string> = {
  widens: 'The difference widens',
  narrows: 'The difference narrows',
  varies: 'The difference varies between windows, in no one direction',
  steady: 'The difference is steady: not fair for that, only the same',
};

/** What became of a difference, in words. */
export function overTimeText({
  rate,
  groups,
  verdict,
  pValue,
  trend,
  trendInterval,
}: BiasDrift): Block {
  const [low, high] = groups.map((group) => shorten(group, 30));
  const going = `${points(trend)} a window, 95 % interval ${rangeText(...trendInterval, 'percent')}`;
  return paragraph(
    `${capital(RATE_NAMES[rate])}, ${high} less ${low}. ${SAYS[verdict]} (p ${chanceText(pValue)}; trend ${going}).`,
  );
}

/** Both groups and their difference by window. */
export function overTimeFigure(drift: BiasDrift): Figure {
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
