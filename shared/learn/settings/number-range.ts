import { type Problems, shown } from './problems.ts';

/** Numbers that are allowed. Ends are included unless said otherwise. */
export type NumberRange = {
  low: number;
  high: number;
  isWhole?: boolean;
  isAboveLow?: boolean;
  isBelowHigh?: boolean;
};

export const whole = (low: number, high = Number.MAX_SAFE_INTEGER): NumberRange => ({
  ...{ low, high, isWhole: true },
});
export const from = (low: number, high = Number.POSITIVE_INFINITY): NumberRange => ({ low, high });
export const above = (low: number, high = Number.POSITIVE_INFINITY): NumberRange => ({
  ...{ low, high, isAboveLow: true },
});
/** Neither end. */
export const between = (low: number, high: number): NumberRange => ({
  ...{ low, high, isAboveLow: true, isBelowHigh: true },
});

export function isInRange(value: unknown, range: NumberRange): value is number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  if (range.isWhole === true && !Number.isInteger(value)) return false;
  if (range.isAboveLow === true ? value <= range.low : value < range.low) return false;
  return range.isBelowHigh === true ? value < range.high : value <= range.high;
}

/** `a whole number from 1`, `a number above 0 and up to 1` */
export function describeRange({
  low,
  high,
  isWhole,
  isAboveLow,
  isBelowHigh,
}: NumberRange): string {
  const least = low === Number.NEGATIVE_INFINITY ? '' : ` ${isAboveLow ? 'above' : 'from'} ${low}`;
  const isOpen = high === Number.POSITIVE_INFINITY || high === Number.MAX_SAFE_INTEGER;
  const join = least !== '' && isAboveLow ? ' and' : '';
  const most = isOpen
    ? ''
    : `${join} ${isBelowHigh ? 'below' : isAboveLow ? 'up to' : 'to'} ${high}`;
  return `a ${isWhole ? 'whole ' : ''}number${least}${most}`;
}

/** The number; undefined, and told, where it is none of the range. */
export function numberIn(
  given: unknown,
  range: NumberRange,
  { path, problems }: { path: string; problems: Problems },
): number | undefined {
  if (isInRange(given, range)) return given;
  problems.add(path, `expected ${describeRange(range)}, found ${shown(given)}`);
  return undefined;
}
