import { parseWindow as parseTrafficWindow } from '../../shared/decide/window.ts';

export function parseWindow(given: string): string {
  if (parseTrafficWindow(given) !== null) return given;
  throw new Error(
    `Expected a time like 90s, 45m, 12h or 30d, tumbling:7d, or since-deploy, found "${given}"`,
  );
}

export function parseNumbers(list: string): number[] {
  const numbers = list.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (numbers.every(Number.isFinite)) return numbers;
  throw new Error(`Expected numbers separated by commas, found "${list}"`);
}

export function parseCount(given: string): number {
  const count = Number(given);
  if (Number.isInteger(count) && count > 0) return count;
  throw new Error(`Expected a whole number above 0, found "${given}"`);
}

export function parseShare(given: string): number {
  const share = Number(given);
  if (share > 0 && share < 1) return share;
  throw new Error(`Expected a number between 0 and 1, found "${given}"`);
}
