import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** WCAG 2.2, success criterion 1.4.3: text at this size needs 4.5 to 1. */
const AA_TEXT = 4.5;
/** Success criterion 1.4.11: the edges of controls need 3 to 1. */
const AA_EDGE = 3;

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const colours = new Map(
  [...css.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(
    ([, name, light, dark]) => [name, { light, dark }] as const,
  ),
);

/** Relative luminance as WCAG defines it, of `#rrggbb`. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

function lowest(foreground: string, background: string): number {
  const [above, below] = [colours.get(foreground)!, colours.get(background)!];
  return Math.min(contrast(above.light, below.light), contrast(above.dark, below.dark));
}

const GROUNDS = ['paper', 'surface', 'surface-sunk', 'surface-raised'];
const TINTS = ['accent-soft', 'warm-soft', 'danger-soft', 'info-soft'];

test.each(['ink', 'ink-soft'])('%s is legible on every ground and tint, light and dark', (text) => {
  for (const ground of [...GROUNDS, ...TINTS])
    expect(lowest(text, ground), `${text} on ${ground}`).toBeGreaterThanOrEqual(AA_TEXT);
});

test.each(['accent', 'warm', 'danger', 'info'])(
  '%s is legible as text on its own tint and on surfaces',
  (tone) => {
    for (const ground of [...GROUNDS, `${tone}-soft`])
      expect(lowest(tone, ground), `${tone} on ${ground}`).toBeGreaterThanOrEqual(AA_TEXT);
  },
);

test('labels on filled buttons are legible, hovered too', () => {
  expect(lowest('on-accent', 'accent')).toBeGreaterThanOrEqual(AA_TEXT);
  expect(lowest('on-accent', 'accent-hover')).toBeGreaterThanOrEqual(AA_TEXT);
  expect(lowest('on-danger', 'danger')).toBeGreaterThanOrEqual(AA_TEXT);
});

test('the edges of controls can be told from what they lie on', () => {
  for (const ground of ['surface', 'surface-raised'])
    expect(lowest('line-strong', ground), ground).toBeGreaterThanOrEqual(AA_EDGE);
});
