import type { ColumnProfile } from '../../contracts/profile.ts';
import type { Sample, SamplePair } from '../../stats/drift/sample.ts';
import { momentsOf, quantileOfSorted } from '../../stats/moments.ts';
import { countOf } from '../../stats/profile/column-profile.ts';
import { momentsOfProfile } from '../../stats/profile/number-sums.ts';
import { meanOfProfile } from '../../stats/profile/profile-quantile.ts';
import { shorten } from '../escape.ts';
import { numberText, percentText } from '../number-text.ts';
import type { Table } from '../report.ts';

/** What is told of one side of a column, in the order of the table's rows. */
type Summary = [label: string, text: string][];

/** Counts, moments and quantiles of both samples, side by side. */
export const summaryOfSamples = ({ reference, current }: SamplePair): Table =>
  sideBySide(summaryOf(reference), summaryOf(current));

/** Counts and moments of both profiles, side by side. */
export const summaryOfProfiles = (reference: ColumnProfile, current: ColumnProfile): Table =>
  sideBySide(profileSummary(reference), profileSummary(current));

function sideBySide(reference: Summary, current: Summary): Table {
  return {
    kind: 'table',
    caption: 'Reference and current in numbers',
    columns: [
      { label: '' },
      { label: 'reference', isNumber: true },
      { label: 'current', isNumber: true },
    ],
    rows: reference.map(([text, before], i) => [
      { text },
      { text: before },
      { text: current[i][1] },
    ]),
  };
}

function counts(n: number, missing: number): Summary {
  const total = n + missing;
  return [
    ['values', numberText(n)],
    ['missing', total === 0 ? '–' : percentText(missing / total)],
  ];
}

function summaryOf(sample: Sample): Summary {
  const head = counts(sample.values.length, sample.missing ?? 0);
  if (sample.type === 'category') return [...head, ...categorySummary(sample.values)];
  const sorted = sample.values.slice().sort();
  const { n, mean, squares } = momentsOf(sorted);
  const deviation = n < 2 ? null : Math.sqrt(squares / (n - 1));
  const quantile = (q: number): string =>
    numberText(sorted.length === 0 ? null : quantileOfSorted(sorted, q));
  return [
    ...head,
    ['mean', numberText(n === 0 ? null : mean)],
    ['standard deviation', numberText(deviation)],
    ['least', quantile(0)],
    ['5 % are below', quantile(0.05)],
    ['median', quantile(0.5)],
    ['5 % are above', quantile(0.95)],
    ['greatest', quantile(1)],
  ];
}

function categorySummary(values: readonly string[]): Summary {
  const counted = new Map<string, number>();
  for (const value of values) counted.set(value, (counted.get(value) ?? 0) + 1);
  let most = '–';
  let count = 0;
  for (const [value, n] of counted) if (n > count) [most, count] = [value, n];
  return [
    ['different values', numberText(counted.size)],
    ['most frequent', shorten(most, 40)],
  ];
}

function profileSummary(profile: ColumnProfile): Summary {
  const n = countOf(profile);
  const head = counts(n, profile.missing);
  if (profile.type === 'category') return head;
  const moments = n < 2 ? null : momentsOfProfile(profile);
  const deviation = moments && Math.sqrt(moments.squares / (n - 1));
  return [
    ...head,
    ['mean', numberText(meanOfProfile(profile))],
    ['standard deviation', numberText(deviation)],
  ];
}
