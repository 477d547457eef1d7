/**
 * How precisely a value is told. typed: as it was given, to six digits. estimate: whole from 10 up, one decimal below.
 * measured: to three digits that count.
 */
export type Precision = 'typed' | 'estimate' | 'measured';

const MINUS = '−';
const NARROW_SPACE = '\u202f';
/** Written right after the number. */
const JOINED: readonly string[] = ['%', '‰', '°', '′', '″'];

/** Signs that a declaration may give for a currency; which dollar is meant, the sign does not say. */
const SIGNS: Readonly<Record<string, string>> = {
  ...{ $: 'USD', '€': 'EUR', '£': 'GBP', '¥': 'JPY', '₹': 'INR', '₩': 'KRW', '₺': 'TRY' },
  ...{ '₽': 'RUB', '₪': 'ILS', '₫': 'VND', '₴': 'UAH', '₦': 'NGN', '₱': 'PHP', '฿': 'THB' },
};

type Currency = { currency: string; currencyDisplay: 'symbol' | 'narrowSymbol' };

/**
 * A value in its unit as people write it: a currency's sign before the number ($4.50, −€12), other units after it
 * behind a narrow space that does not break (40 min). A value that rounds to nothing has no sign.
 * @param unit as declared: a sign or ISO 4217 code of a currency, or any other text; '' for none
 */
export function quantity(value: number, unit = '', precision: Precision = 'measured'): string {
  return write(value, { unit, precision, signDisplay: 'negative' });
}

/** The same of a difference: always signed, but for none. */
export function signedQuantity(
  value: number,
  unit = '',
  precision: Precision = 'estimate',
): string {
  return write(value, { unit, precision, signDisplay: 'exceptZero' });
}

/** From one value to another; a unit that stands after the number is said once. */
export function quantityRange(
  [low, high]: readonly [number, number],
  unit = '',
  { precision = 'typed', word = 'to' }: { precision?: Precision; word?: string } = {},
): string {
  const first = quantity(low, currencyOf(unit) ? unit : '', precision);
  return `${first} ${word} ${quantity(high, unit, precision)}`;
}

/** What stands before and after a number that is typed or drawn large; one of them, or none. */
export function unitAround(unit = ''): { before: string; after: string } {
  const currency = currencyOf(unit);
  if (!currency) return { before: '', after: unit };
  const parts = new Intl.NumberFormat('en', { style: 'currency', ...currency }).formatToParts(0);
  return { before: parts.find(({ type }) => type === 'currency')?.value ?? unit, after: '' };
}

type Writing = { unit: string; precision: Precision; signDisplay: 'negative' | 'exceptZero' };

function write(value: number, { unit, precision, signDisplay }: Writing): string {
  const currency = currencyOf(unit);
  const options: Intl.NumberFormatOptions = currency
    ? { style: 'currency', ...currency, ...digitsOfMoney(value, currency.currency, precision) }
    : digitsOf(value, precision);
  const text = new Intl.NumberFormat('en', { ...options, signDisplay })
    .format(value)
    .replace(/^-/, MINUS);
  if (currency || unit === '') return text;
  return `${text}${JOINED.includes(unit) ? '' : NARROW_SPACE}${unit}`;
}

function digitsOf(value: number, precision: Precision): Intl.NumberFormatOptions {
  if (precision === 'typed') return { maximumSignificantDigits: 6 };
  if (precision === 'measured') return { maximumSignificantDigits: 3 };
  return { maximumFractionDigits: Math.abs(value) >= 10 ? 0 : 1 };
}

/** Whole, or with all of its minor units: nobody writes $4.5. Below a hundredth, as other figures are. */
function digitsOfMoney(
  value: number,
  currency: string,
  precision: Precision,
): Intl.NumberFormatOptions {
  const size = Math.abs(value);
  const minor =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
      .maximumFractionDigits ?? 2;
  if (precision !== 'typed' && size > 0 && size < 10 ** -minor)
    return { maximumSignificantDigits: 3 };
  const isWhole = { typed: Number.isInteger(value), estimate: size >= 10, measured: size >= 100 };
  const digits = isWhole[precision] || value === 0 ? 0 : minor;
  return { minimumFractionDigits: digits, maximumFractionDigits: digits };
}

/** Null for a unit that is no currency. */
function currencyOf(unit: string): Currency | null {
  if (Object.hasOwn(SIGNS, unit)) return { currency: SIGNS[unit], currencyDisplay: 'narrowSymbol' };
  const isCode = /^[A-Z]{3}$/.test(unit) && Intl.supportedValuesOf('currency').includes(unit);
  return isCode ? { currency: unit, currencyDisplay: 'symbol' } : null;
}
