const MINUS = '−';
/** Before the unit of a figure; of a time in a sentence the ordinary one, which does not break either. */
const NARROW = '\u202f';
const SPACE = '\u00a0';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const hundredth = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
const significant = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumSignificantDigits: 3 });

const withMinus = (text: string): string => text.replace(/^-/, MINUS);

/** A measured figure to three significant digits; a dash when there is none. */
export const figure = (value: number | null): string =>
  value === null ? '–' : withMinus(significant.format(value));

/** A rate in [0, 1] as per cent; a dash when there is none. */
export const rate = (value: number | null): string =>
  value === null ? '–' : percent.format(value);

export const count = (value: number): string => whole.format(value);

export const capitalised = (words: string): string =>
  words.charAt(0).toUpperCase() + words.slice(1);

/** Words of a record as a sentence of their own. */
export function sentence(words: string): string {
  const text = words.trim();
  if (text === '') return '';
  return `${capitalised(text)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

/** `1 event`, `2 events`. */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

export function bytes(sizeBytes: number): string {
  if (sizeBytes < 1024) return `${sizeBytes}${SPACE}B`;
  if (sizeBytes < 1024 * 1024) return `${significant.format(sizeBytes / 1024)}${SPACE}kB`;
  return `${significant.format(sizeBytes / (1024 * 1024))}${SPACE}MB`;
}

/** Milliseconds of work: 0.42 ms, 12 ms, 1.3 s. */
export function latency(ms: number | null): string {
  if (ms === null) return '–';
  if (ms >= 1000) return duration(ms);
  return `${ms < 10 ? hundredth.format(ms) : significant.format(ms)}${NARROW}ms`;
}

/** A length of time in its largest sensible unit. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 90) return `${(seconds < 10 ? tenth : whole).format(seconds)}${SPACE}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes}${SPACE}min`;
  const hours = Math.round(minutes / 60);
  if (hours < 36) return `${hours}${SPACE}h`;
  return `${Math.round(hours / 24)}${SPACE}d`;
}

/** How long ago, coarse enough not to flicker. */
export function ago(atMs: number, nowMs: number): string {
  const ms = Math.max(0, nowMs - atMs);
  if (ms < 5000) return 'just now';
  if (ms < 60_000) return `${Math.floor(ms / 5000) * 5}${SPACE}s ago`;
  return `${duration(ms)} ago`;
}
