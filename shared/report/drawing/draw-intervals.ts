import { shorten } from '../escape.ts';
import { rangeText, valueText } from '../number-text.ts';
import type { Intervals } from '../report.ts';
import { px, rangeOf, scaleOf } from './scale.ts';
import { feet, hint, type Plot, svg, svgText, WIDTH } from './svg.ts';

const TOP = 22;
const SLOT = 26;
const LABEL = 190;
const VALUES = 210;

/** A forest plot: each estimate as a dot on its interval, the baseline through all of them. */
export function drawIntervals(intervals: Intervals, title: string): string {
  const { rows, baseline, format, axis } = intervals;
  const height = TOP + SLOT * rows.length + 46;
  const plot: Plot = { left: LABEL, right: WIDTH - VALUES, top: TOP, bottom: height - 42 };
  const bounds = rows.flatMap(({ value, low, high }) => [value, low, high]);
  const x = scaleOf(
    rangeOf([...bounds, ...(baseline ? [baseline.value] : [])]),
    [plot.left, plot.right],
    4,
  );
  const grid = x.ticks.map(
    (tick) => `<path class="grid" d="M${px(x.at(tick))} ${TOP}V${px(plot.bottom)}"/>`,
  );
  const parts = rows.map((row, i) => {
    const y = TOP + SLOT * (i + 0.5);
    const range = rangeText(row.low, row.high, format);
    const [from, to] = [row.low ?? x.low, row.high ?? x.high].map(x.at);
    return [
      svgText(shorten(row.label, 26), { x: LABEL - 10, y: y + 4, class: 'label end' }),
      `<path class="whisker ${row.tone}" d="M${px(from)} ${px(y)}H${px(to)}${cap(row.low, from, y)}${cap(row.high, to, y)}"/>`,
      `<circle class="dot ${row.tone}" cx="${px(x.at(row.value))}" cy="${px(y)}" r="4.5"/>`,
      svgText(valueText(row.value, format), { x: plot.right + 12, y: y + 4, class: 'value' }),
      svgText(`${range}`, { x: WIDTH - 2, y: y + 4, class: 'tick end' }),
      hint(`${shorten(row.label, 60)}: ${valueText(row.value, format)}, ${range}`, {
        ...{ x: 0, y: y - SLOT / 2, width: WIDTH, height: SLOT },
      }),
    ].join('');
  });
  const line = baseline
    ? `<path class="baseline" d="M${px(x.at(baseline.value))} ${TOP - 4}V${px(plot.bottom)}"/>${svgText(baseline.label, { x: x.at(baseline.value), y: TOP - 8, class: 'tick middle' })}`
    : '';
  const foot = feet(x, plot, { label: axis, format });
  return svg(title, height, [grid.join(''), line, parts.join(''), foot]);
}

/** A bound that is known ends in a stroke, an open one does not. */
const cap = (bound: number | null, x: number, y: number): string =>
  bound === null ? '' : `M${px(x)} ${px(y - 4)}v8`;
