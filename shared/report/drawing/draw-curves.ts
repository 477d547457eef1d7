import { rangeText, valueText } from '../number-text.ts';
import type { Curve, Curves } from '../report.ts';
import { px, rangeOf, type Scale, scaleOf } from './scale.ts';
import { feet, hint, legend, type Plot, rows, svg, svgText, WIDTH } from './svg.ts';

const HEIGHT = 260;
const PLOT: Plot = { left: 58, right: WIDTH - 10, top: 26, bottom: HEIGHT - 42 };

type Scales = { x: Scale; y: Scale };

/** Points joined or not, with the bands of their intervals, over levels to hold them against. */
export function drawCurves(curves: Curves, title: string): string {
  const points = curves.series.flatMap((series) => series.points);
  const ys = points.flatMap(({ y, low, high }) => [y, low, high]);
  const levels = curves.levels.map(({ value }) => value);
  const scales: Scales = {
    x: scaleOf(rangeOf(points.map(({ x }) => x)), [PLOT.left, PLOT.right], 7),
    y: scaleOf(rangeOf([...ys, ...levels]), [PLOT.bottom, PLOT.top], 5),
  };
  const lines = curves.levels.map(({ label, value }) => {
    const y = scales.y.at(value);
    const text = svgText(label, { x: PLOT.right - 2, y: y - 5, class: 'tick end' });
    return `<path class="baseline" d="M${PLOT.left} ${px(y)}H${PLOT.right}"/>${text}`;
  });
  return svg(title, HEIGHT, [
    rows(scales.y, PLOT, curves.y.format),
    svgText(curves.y.label, { x: PLOT.left, y: 13, class: 'label' }),
    lines.join(''),
    curves.series.map((series, i) => bandOf(series, hueOf(curves, i), scales)).join(''),
    curves.series.map((series, i) => pathOf(series, hueOf(curves, i), scales)).join(''),
    feet(scales.x, PLOT, curves.x),
    curves.series.length > 1
      ? legend(
          curves.series.map(({ name }) => name),
          PLOT.right,
        )
      : '',
    curves.series.map((series) => hintsOf(series, curves, scales)).join(''),
  ]);
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
