import { numberText } from '../number-text.ts';
import type { ValueFormat } from '../report.ts';

/** From values to pixels. */
export type Scale = {
  low: number;
  high: number;
  at: (value: number) => number;
  /** Round values inside the range. */
  ticks: number[];
};

/** A linear scale from [low, high] to [from, to]; a range of one value is widened. */
export function scaleOf(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
  tickCount = 5,
): Scale {
  const width = high - low || Math.abs(low) || 1;
  const start = high > low ? low : low - width / 2;
  const end = high > low ? high : high + width / 2;
  return {
    low: start,
    high: end,
    at: (value) => from + ((value - start) / (end - start)) * (to - from),
    ticks: roundTicks(start, end, tickCount),
  };
}

/** About `count` multiples of 1, 2 or 5 times a power of ten within the range. */
function roundTicks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough * 0.7) ?? 10);
  if (!(step > 0) || !Number.isFinite(step)) return [];
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

/** The smallest range that holds all values and is a little wider than they are. */
export function rangeOf(values: readonly (number | null | undefined)[]): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value === null || value === undefined || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!(low <= high)) return [0, 1];
  const margin = (high - low) * 0.04;
  return [low - margin, high + margin];
}

/** Words of a tick: all of an axis with the same number of decimals. */
export function tickText(tick: number, ticks: readonly number[], format: ValueFormat): string {
  const factor = format === 'percent' ? 100 : 1;
  const step = ticks.length > 1 ? (ticks[1] - ticks[0]) * factor : Math.abs(tick * factor) || 1;
  const value = tick * factor;
  if (Math.abs(value) >= 1e6 || (value !== 0 && step < 1e-4)) return numberText(value);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const text = value.toFixed(Math.min(6, decimals)).replace(/^-/, '−');
  return format === 'percent' ? `${text}%` : text;
}

/** Coordinates to a tenth of a pixel. */
export const px = (value: number): string => String(Math.round(value * 10) / 10);
