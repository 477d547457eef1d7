import { numberText, percentText } from '../number-text.ts';
import type { Histogram } from '../report.ts';
import { px, type Scale, scaleOf } from './scale.ts';
import { feet, hint, legend, type Plot, rows, svg, svgText, WIDTH } from './svg.ts';

const HEIGHT = 216;
const PLOT: Plot = { left: 48, right: WIDTH - 8, top: 24, bottom: HEIGHT - 40 };

/** Overlaid histograms: the first series filled, the others as outlines over it. */
export function drawHistogram(histogram: Histogram, title: string): string {
  const { edges, series, axis } = histogram;
  const densities = series.map(({ shares }) => heightsOf(edges, shares));
  const top = Math.max(...densities.flat(), 1e-12);
  const x = scaleOf([edges[0], edges[edges.length - 1]], [PLOT.left, PLOT.right], 7);
  const y = scaleOf([0, top * 1.06], [PLOT.bottom, PLOT.top], 4);
  const outlines = densities.map(
    (heights, i) =>
      `<path class="area s${series.length === 1 ? 1 : i}" d="${outline(edges, heights, { x, y })}"/>`,
  );
  const hints = edges.slice(1).map((edge, i) => {
    const left = x.at(edges[i]);
    const box = { x: left, y: PLOT.top, width: x.at(edge) - left, height: PLOT.bottom - PLOT.top };
    return hint(`${binText(histogram, i)}: ${sharesText(histogram, i)}`, box);
  });
  return svg(title, HEIGHT, [
    isEven(edges) ? rows(y, PLOT, 'percent') : '',
    svgText(isEven(edges) ? 'share of values' : 'values for each unit of width', {
      ...{ x: PLOT.left, y: 12, class: 'label' },
    }),
    outlines.join(''),
    feet(x, PLOT, { label: axis, format: 'number' }),
    legend(series.length === 1 ? [] : series.map(({ name }) => name), PLOT.right),
    hints.join(''),
  ]);
}

/** Words of one bin; the outer ones may be open. */
export function binText({ edges, isOpenEnded }: Histogram, bin: number): string {
  const [low, high] = [numberText(edges[bin]), numberText(edges[bin + 1])];
  if (isOpenEnded && bin === 0) return `up to ${high}`;
  if (isOpenEnded && bin === edges.length - 2) return `above ${low}`;
  return `${low} to ${high}`;
}

export const sharesText = (
  { series }: { series: readonly { name: string; shares: number[] }[] },
  at: number,
): string => series.map(({ name, shares }) => `${name} ${percentText(shares[at])}`).join(', ');

/** Shares where all bins are as wide, else shares per unit of width: areas say the shares. */
function heightsOf(edges: readonly number[], shares: readonly number[]): number[] {
  if (isEven(edges)) return [...shares];
  const width = (edges[edges.length - 1] - edges[0]) / shares.length;
  return shares.map((share, i) => {
    const own = edges[i + 1] - edges[i];
    return own > 0 ? (share * width) / own : 0;
  });
}

function isEven(edges: readonly number[]): boolean {
  const width = (edges[edges.length - 1] - edges[0]) / (edges.length - 1);
  return edges.every((edge, i) => Math.abs(edge - edges[0] - i * width) < 1e-6 * width);
}

function outline(
  edges: readonly number[],
  heights: readonly number[],
  { x, y }: { x: Scale; y: Scale },
): string {
  const steps = heights.map((height, i) => `V${px(y.at(height))}H${px(x.at(edges[i + 1]))}`);
  return `M${px(x.at(edges[0]))} ${px(y.at(0))}${steps.join('')}V${px(y.at(0))}Z`;
}
