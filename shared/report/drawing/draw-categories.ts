import { shorten } from '../escape.ts';
import { percentText } from '../number-text.ts';
import type { CategoryBars } from '../report.ts';
import { sharesText } from './draw-histogram.ts';
import { px } from './scale.ts';
import { hint, legend, svg, svgText, WIDTH } from './svg.ts';

const TOP = 24;
const LABEL = 190;
const VALUES = 130;

/** A bar a series for each category, one above the other, the shares beside them. */
export function drawCategories({ labels, series }: CategoryBars, title: string): string {
  const bar = series.length > 1 ? 8 : 12;
  const slot = bar * series.length + 10;
  const height = TOP + slot * labels.length + 4;
  const most = Math.max(...series.flatMap(({ shares }) => shares), 1e-12);
  const room = WIDTH - LABEL - VALUES;
  const parts = labels.map((label, i) => {
    const y = TOP + i * slot;
    const bars = series.map(({ shares }, s) => {
      const width = (shares[i] / most) * room;
      return `<rect class="bar s${s}" x="${LABEL}" y="${px(y + s * bar)}" width="${px(Math.max(width, 0.5))}" height="${bar - 1}" rx="1.5"/>`;
    });
    const middle = y + (bar * series.length) / 2 + 4;
    const values = series.map(({ shares }) => percentText(shares[i])).join(' → ');
    return [
      svgText(shorten(label, 26), { x: LABEL - 8, y: middle, class: 'label end' }),
      bars.join(''),
      svgText(values, { x: WIDTH - 4, y: middle, class: 'tick end' }),
      hint(`${shorten(label, 60)}: ${sharesText({ series }, i)}`, {
        ...{ x: 0, y: y - 4, width: WIDTH, height: slot },
      }),
    ].join('');
  });
  const names = series.length > 1 ? series.map(({ name }) => name) : [];
  return svg(title, height, [legend(names, WIDTH - 4), parts.join('')]);
}
