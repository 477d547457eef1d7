import { rangeText, valueText } from '../number-text.ts';
import type { Curve, Curves, Lane } from '../report.ts';
import { px, rangeOf, type Scale, scaleOf } from './scale.ts';
import { feet, hint, legend, type Plot, rows, svg, svgText, WIDTH } from './svg.ts';

const HEIGHT = 260;
const LANE = 20;
const PLOT: Plot = { left: 58, right: WIDTH - 10, top: 26, bottom: HEIGHT - 42 };
/** Lanes have names at the left. */
const PLOT_OVER_LANES: Plot = { ...PLOT, left: 100 };

type Scales = { x: Scale; y: Scale };

/** Points joined or not, with the bands of their intervals, over levels to hold them against. */
export function drawCurves(curves: Curves, title: string): string {
  const points = curves.series.flatMap((series) => series.points);
  const ys = points.flatMap(({ y, low, high }) => [y, low, high]);
  const levels = curves.levels.map(({ value }) => value);
  const lanes = curves.events ?? [];
  const plot = lanes.length > 0 ? PLOT_OVER_LANES : PLOT;
  const marks = lanes.flatMap(({ at }) => at.map(({ x }) => x));
  const scales: Scales = {
    x: scaleOf(rangeOf([...points.map(({ x }) => x), ...marks]), [plot.left, plot.right], 7),
    y: scaleOf(rangeOf([...ys, ...levels]), [plot.bottom, plot.top], 5),
  };
  const lines = curves.levels.map(({ label, value }) => {
    const y = scales.y.at(value);
    const text = svgText(label, { x: plot.right - 2, y: y - 5, class: 'tick end' });
    return `<path class="baseline" d="M${plot.left} ${px(y)}H${plot.right}"/>${text}`;
  });
  const bottom = plot.bottom + LANE * lanes.length;
  return svg(title, HEIGHT + LANE * lanes.length, [
    rows(scales.y, plot, curves.y.format),
    svgText(curves.y.label, { x: plot.left, y: 13, class: 'label' }),
    lines.join(''),
    lanes
      .map((lane, i) => drawLane(lane, scales.x, { plot, top: plot.bottom + LANE * i }))
      .join(''),
    curves.series.map((series, i) => bandOf(series, hueOf(curves, i), scales)).join(''),
    curves.series.map((series, i) => pathOf(series, hueOf(curves, i), scales)).join(''),
    feet(scales.x, { ...plot, bottom }, curves.x),
    curves.series.length > 1
      ? legend(
          curves.series.map(({ name }) => name),
          plot.right,
        )
      : '',
    curves.series.map((series) => hintsOf(series, curves, scales)).join(''),
  ]);
}

function drawLane(
  { name, at }: Lane,
  x: Scale,
  { plot, top }: { plot: Plot; top: number },
): string {
  const middle = top + LANE / 2;
  const marks = at.map((mark) => {
    const left = x.at(mark.x);
    const line = `<path class="event ${mark.tone}" d="M${px(left)} ${px(middle - 7)}v14"/>`;
    const box = { x: left - 5, y: top, width: 10, height: LANE };
    return line + hint(`${name} ${mark.label}`, box);
  });
  return [
    svgText(name, { x: plot.left - 8, y: middle + 4, class: 'tick end' }),
    `<path class="grid" d="M${plot.left} ${px(middle)}H${plot.right}"/>`,
    marks.join(''),
  ].join('');
}

/** One series alone has the colour of what is looked at; the first of several that of what it is held against. */
const hueOf = ({ series }: Curves, i: number): number => (series.length === 1 ? 1 : i);

function bandOf({ style, points }: Curve, i: number, { x, y }: Scales): string {
  const known = points.filter(({ low, high }) => low !== undefined && high !== undefined);
  if (known.length === 0) return '';
  if (style === 'points')
    return `<path class="whisker s${i}" d="${known.map((point) => `M${px(x.at(point.x))} ${px(y.at(point.low ?? point.y))}V${px(y.at(point.high ?? point.y))}`).join('')}"/>`;
  const above = known.map((point) => `${px(x.at(point.x))} ${px(y.at(point.high ?? point.y))}`);
  const below = known.map((point) => `${px(x.at(point.x))} ${px(y.at(point.low ?? point.y))}`);
  return `<path class="band s${i}" d="M${[...above, ...below.reverse()].join('L')}Z"/>`;
}

function pathOf({ style, points }: Curve, i: number, { x, y }: Scales): string {
  if (points.length === 0) return '';
  const path = points.map((point) => `${px(x.at(point.x))} ${px(y.at(point.y))}`).join('L');
  const line = style === 'points' ? '' : `<path class="line ${style} s${i}" d="M${path}"/>`;
  if (style === 'dashed' || points.length > 80) return line;
  const dots = points.map(
    (point) =>
      `<circle class="dot s${i}" cx="${px(x.at(point.x))}" cy="${px(y.at(point.y))}" r="3.5"/>`,
  );
  return line + dots.join('');
}

function hintsOf({ name, style, points }: Curve, curves: Curves, { x, y }: Scales): string {
  if (style === 'dashed') return '';
  return points
    .map((point) => {
      const at = point.label ?? `${curves.x.label} ${valueText(point.x, curves.x.format)}`;
      const range =
        point.low === undefined || point.high === undefined
          ? ''
          : `, ${rangeText(point.low, point.high, curves.y.format)}`;
      const box = { x: x.at(point.x) - 7, y: y.at(point.y) - 9, width: 14, height: 18 };
      return hint(`${at}: ${name} ${valueText(point.y, curves.y.format)}${range}`, box);
    })
    .join('');
}
