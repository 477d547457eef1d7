import type { GroupRate } from '../../stats/fairness/group-differences.ts';
import { countText } from '../number-text.ts';

export const RATE_NAMES: Record<GroupRate, string> = {
  selectionRate: 'selection rate',
  truePositiveRate: 'true positive rate',
  falsePositiveRate: 'false positive rate',
  precision: 'precision',
};

export const points = (difference: number): string =>
  countText(Math.round(difference * 1000) / 10, 'point');

export const capital = (text: string): string => `${text[0].toUpperCase()}${text.slice(1)}`;

/** Below this chance a difference is more than chance. */
export const ALPHA = 0.05;

/** Difference of rates from which on it matters. */
export const MATTERS_FROM = 0.1;

/** Characters of a group's name that are shown. */
export const NAME_LENGTH = 60;
