import type { ValueFormat } from './report.ts';

/** Three significant digits; whole numbers in full with separators; a dash where there is none. */
export function numberText(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e9) return grouped(String(value));
  if (size >= 1e6 || size < 1e-3) return withMinus(powerText(value));
  return grouped(String(Number(value.toPrecision(3))));
}

/** With three decimals: for columns of scores that are compared. */
export const fixedText = (value: number): string => withMinus(value.toFixed(3));

/** A share as per cent, three significant digits at most. */
export function percentText(share: number | null | undefined): string {
  if (share === null || share === undefined || Number.isNaN(share)) return '–';
  const percent = share * 100;
  if (!Number.isFinite(percent)) return numberText(percent);
  const size = Math.abs(percent);
  const rounded = size >= 10 ? percent.toFixed(1) : percent.toPrecision(2);
  return `${withMinus(String(Number(rounded)))} %`;
}

/** A chance: small ones as a power of ten, none as exactly 0. */
export function chanceText(p: number | null | undefined): string {
  if (p === null || p === undefined || Number.isNaN(p)) return '–';
  if (p < 1e-15) return '< 1e-15';
  return p < 1e-3 ? powerText(p, 2) : String(Number(p.toPrecision(2)));
}

export const valueText = (value: number | null, format: ValueFormat): string =>
  format === 'percent' ? percentText(value) : numberText(value);

/** `low to high`; open bounds as infinities. */
export const rangeText = (
  low: number | null,
  high: number | null,
  format: ValueFormat = 'number',
): string =>
  `${low === null ? '−∞' : valueText(low, format)} to ${high === null ? '∞' : valueText(high, format)}`;

export const countText = (count: number, one: string, many = `${one}s`): string =>
  `${numberText(count)} ${count === 1 ? one : many}`;

function powerText(value: number, digits = 3): string {
  if (value === 0) return '0';
  const [mantissa, exponent] = value.toExponential(digits - 1).split('e');
  return `${Number(mantissa)}e${Number(exponent)}`;
}

/** Thousands apart by a narrow space that does not break. */
function grouped(text: string): string {
  const [whole, rest] = text.split('.');
  const apart = whole.replace(/(\d)(?=(\d{3})+$)/g, '$1\u202f');
  const joined = Math.abs(Number(whole)) < 10_000 ? whole : apart;
  return withMinus(rest === undefined ? joined : `${joined}.${rest}`);
}

const withMinus = (text: string): string => text.replace(/^-/, '−');
