/** A rate in [0, 1] as per cent, to two digits that count. */
export const percent = (rate: number): string => `${Number((rate * 100).toPrecision(3))} %`;

/** A number to three digits that count; a dash when there is none. */
export const short = (value: number | null): string =>
  value === null ? '-' : String(Number(value.toPrecision(3)));

export const percentOrDash = (rate: number | null): string => (rate === null ? '-' : percent(rate));
