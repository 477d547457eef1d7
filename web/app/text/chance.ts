const TEXT = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 });
const FINER = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 1 });

/**
 * A probability in whole per cent, and never certain where it is not. One just below the threshold keeps a
 * decimal: rounded up it would seem to have reached it.
 */
export function chance(probability: number, threshold?: number): string {
  if (probability > 0 && probability < 0.005) return '<1%';
  if (probability < 1 && probability >= 0.995) return '>99%';
  const rounded = Math.round(100 * probability);
  const seemsReached = threshold !== undefined && rounded === Math.round(100 * threshold);
  return seemsReached && probability < threshold
    ? FINER.format(Math.floor(1000 * probability) / 1000)
    : TEXT.format(rounded / 100);
}

/** The likelihood scale of the IPCC's guidance note on uncertainty (2010), table 1; said from the top. */
const WORDS: readonly (readonly [atLeast: number, words: string])[] = [
  [0.99, 'almost certain'],
  [0.9, 'very likely'],
  [0.66, 'likely'],
  [0.33, 'about as likely as not'],
  [0.1, 'unlikely'],
  [0.01, 'very unlikely'],
  [0, 'exceptionally unlikely'],
];

/** How likely, in words. */
export const chanceWords = (probability: number): string =>
  WORDS.find(([atLeast]) => probability >= atLeast)?.[1] ?? WORDS[WORDS.length - 1][1];

/** How often, as people count. */
export function frequencyWords(probability: number): string {
  const cases = Math.round(100 * probability);
  if (cases === 0) return 'fewer than 1 in 100 such cases';
  if (cases === 100) return 'more than 99 in 100 such cases';
  return `${cases} in 100 such cases`;
}
