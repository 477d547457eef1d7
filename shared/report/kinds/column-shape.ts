import type { ColumnProfile } from '../../contracts/profile.ts';
import { countCells, distinctOf, histogram } from '../../stats/drift/evidently-bins.ts';
import { numbersOf, type SamplePair } from '../../stats/drift/sample.ts';
import { histogramEdges } from '../../stats/quality/value-histogram.ts';
import { shorten } from '../escape.ts';
import type { CategoryBars, Histogram } from '../report.ts';

/** How two samples of one column lie, as shares: what a figure needs and no more. */
export type ColumnShape = Histogram | CategoryBars;

const NO_BINS = { edges: [0, 1], isOpenEnded: false };
const MAX_CATEGORIES = 12;
const LABEL_LENGTH = 28;

/** Of raw values: even bins over the middle 99 % where a few values lie far out, else over all. */
export function shapeOfSamples(pair: SamplePair): ColumnShape {
  const numbers = numbersOf(pair);
  if (!numbers) {
    const cells = distinctOf(pair);
    const counts = [countCells(pair.reference, cells), countCells(pair.current, cells)];
    return categoryShape(cells, counts);
  }
  return histogramOfNumbers(
    [
      { name: 'reference', values: numbers.reference },
      { name: 'current', values: numbers.current },
    ],
    'value',
  );
}

/** Samples of numbers in the same bins, fit for a figure (`histogramEdges`). */
export function histogramOfNumbers(
  samples: readonly { name: string; values: Float64Array }[],
  axis: string,
): Histogram {
  const size = samples.reduce((sum, { values }) => sum + values.length, 0);
  const all = new Float64Array(size);
  let at = 0;
  for (const { values } of samples) {
    all.set(values, at);
    at += values.length;
  }
  const bins = size === 0 ? NO_BINS : histogramEdges(all.sort());
  const { edges } = bins;
  const [low, high] = [edges[0], edges[edges.length - 1]];
  const series = samples.map(({ name, values }) => {
    const inside = values.map((x) => Math.min(high, Math.max(low, x)));
    return { name, shares: shares(histogram(inside, edges)) };
  });
  return { type: 'histogram', ...bins, axis: axisOf(axis, bins.isOpenEnded), series };
}

/** Of profiles: their own bins, the outer ones drawn as wide as their neighbours. */
export function shapeOfProfiles(reference: ColumnProfile, current: ColumnProfile): ColumnShape {
  if (reference.type === 'category')
    return categoryShape(
      [...reference.categories, 'every other value'],
      [reference.counts, current.counts],
    );
  const { edges } = reference;
  if (edges.length === 0) return categoryShape(['every value'], [reference.counts, current.counts]);
  const last = edges.length - 1;
  const width = edges.length > 1 ? (edges[last] - edges[0]) / last : 1;
  const outer = (gap: number): number => (gap > 0 ? gap : width);
  const all = [
    edges[0] - outer(edges[1] - edges[0]),
    ...edges,
    edges[last] + outer(edges[last] - edges[last - 1]),
  ];
  return histogramOf(
    { edges: all, isOpenEnded: true },
    { reference: shares(reference.counts), current: shares(current.counts) },
  );
}

const axisOf = (axis: string, isOpenEnded: boolean): string =>
  isOpenEnded ? `${axis} (values further out are in the outer bins)` : axis;

type Shares = { reference: number[]; current: number[] };

const histogramOf = (
  bins: Pick<Histogram, 'edges' | 'isOpenEnded'>,
  { reference, current }: Shares,
): Histogram => ({
  type: 'histogram',
  ...bins,
  axis: axisOf('value', bins.isOpenEnded),
  series: [
    { name: 'reference', shares: reference },
    { name: 'current', shares: current },
  ],
});

/** The most frequent categories of both, the rest as one. */
function categoryShape(
  labels: readonly string[],
  counts: readonly (readonly number[])[],
): CategoryBars {
  const [reference, current] = counts.map(shares);
  const order = labels
    .map((_, i) => i)
    .filter((i) => counts[0][i] + counts[1][i] > 0)
    .sort((a, b) => reference[b] + current[b] - reference[a] - current[a]);
  const shown = order.length > MAX_CATEGORIES ? order.slice(0, MAX_CATEGORIES - 1) : order;
  const rest = order.slice(shown.length);
  const names = shown.map((i) => shorten(labels[i], LABEL_LENGTH));
  if (rest.length > 0) names.push(`${rest.length} other values`);
  const pick = (of: readonly number[]): number[] => {
    const kept = shown.map((i) => of[i]);
    return rest.length > 0 ? [...kept, rest.reduce((sum, i) => sum + of[i], 0)] : kept;
  };
  return {
    type: 'categories',
    labels: names,
    series: [
      { name: 'reference', shares: pick(reference) },
      { name: 'current', shares: pick(current) },
    ],
  };
}

function shares(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (total === 0 ? 0 : roundShare(count / total)));
}

/** Six decimals: a figure shows no more, and a report is read by people. */
const roundShare = (share: number): number => Math.round(share * 1e6) / 1e6;
