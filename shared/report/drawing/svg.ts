import { escapeHtml } from '../escape.ts';
import type { Curves, ValueFormat } from '../report.ts';
import { px, type Scale, tickText } from './scale.ts';

export const WIDTH = 640;

/** The room for drawing inside the axes' words. */
export type Plot = { left: number; right: number; top: number; bottom: number };

/** A whole drawing; `name` is what is read aloud in its place. */
export const svg = (name: string, height: number, parts: readonly string[]): string =>
  `<svg role="img" aria-label="${escapeHtml(name)}" viewBox="0 0 ${WIDTH} ${px(height)}">${parts.join('')}</svg>`;

type TextPlace = { x: number; y: number; class?: string };

export const svgText = (text: string, place: TextPlace): string =>
  `<text x="${px(place.x)}" y="${px(place.y)}" class="${place.class ?? 'tick'}">${escapeHtml(text)}</text>`;

/** A place to point at; what it says is shown there. */
export const hint = (
  text: string,
  box: { x: number; y: number; width: number; height: number },
): string =>
  `<rect class="hint" x="${px(box.x)}" y="${px(box.y)}" width="${px(box.width)}" height="${px(box.height)}"><title>${escapeHtml(text)}</title></rect>`;

/** Lines across at the ticks, with their values at the left. */
export const rows = (scale: Scale, plot: Plot, format: ValueFormat): string =>
  scale.ticks
    .map((tick) => {
      const y = scale.at(tick);
      const text = tickText(tick, scale.ticks, format);
      const line = `<path class="grid" d="M${px(plot.left)} ${px(y)}H${px(plot.right)}"/>`;
      return line + svgText(text, { x: plot.left - 6, y: y + 4, class: 'tick end' });
    })
    .join('');

/** The ticks below, and what they are of. */
export function feet(scale: Scale, plot: Plot, axis: Curves['x']): string {
  const ticks = scale.ticks.map((tick) => {
    const x = scale.at(tick);
    const text = tickText(tick, scale.ticks, axis.format);
    const line = `<path class="axis" d="M${px(x)} ${px(plot.bottom)}v4"/>`;
    return line + svgText(text, { x, y: plot.bottom + 17, class: 'tick middle' });
  });
  const base = `<path class="axis" d="M${px(plot.left)} ${px(plot.bottom)}H${px(plot.right)}"/>`;
  const middle = (plot.left + plot.right) / 2;
  const name = svgText(axis.label, { x: middle, y: plot.bottom + 33, class: 'label middle' });
  return base + ticks.join('') + name;
}

/** Which look is which series, at the top right. */
export function legend(names: readonly string[], right: number): string {
  const parts: string[] = [];
  let x = right;
  for (let i = names.length - 1; i >= 0; i--) {
    const width = 7 * names[i].length + 24;
    x -= width;
    parts.push(
      `<rect class="key s${i}" x="${px(x)}" y="3" width="10" height="10" rx="2"/>`,
      svgText(names[i], { x: x + 15, y: 12, class: 'label' }),
    );
  }
  return parts.join('');
}
