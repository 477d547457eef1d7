import { assert } from '../../core/assert.ts';
import type { Changes, Detector } from '../../stats/concept/detect-changes.ts';
import { countText, numberText } from '../number-text.ts';
import { type Cell, type Curves, figure, paragraph, type Section, type Table } from '../report.ts';

/** What detectors said of a stream of errors, in the order of its rows. */
export type ErrorChanges = {
  found: readonly Changes[];
  /** 0 and 1 of decisions, absolute errors of quantities; shape [rows]. */
  errors: ArrayLike<number>;
  isQuantity: boolean;
};

const MAX_WINDOWS = 100;
const MAX_ROWS_TOLD = 8;

const NAMES: Record<Detector, { name: string; watches: string }> = {
  ddm: { name: 'DDM', watches: 'share wrong above its lowest' },
  eddm: { name: 'EDDM', watches: 'rows between errors fewer than at best' },
  hddm_a: { name: 'HDDM-A', watches: 'mean since the start, Hoeffding bound' },
  hddm_w: { name: 'HDDM-W', watches: 'mean of the latest rows, weighed' },
  adwin: { name: 'ADWIN', watches: 'mean before and after every cut of a window' },
  page_hinkley: { name: 'Page-Hinkley', watches: 'sum of what lies above the mean' },
  kswin: { name: 'KSWIN', watches: 'distribution of the latest 100 rows' },
};

/** Where the error changed by each detector, over the error itself. Its size does not grow with the rows. */
export function errorChangesSection(changes: ErrorChanges): Section {
  return {
    heading: 'Where the error changed',
    blocks: [
      paragraph(`${summaryOf(changes)} ${CAUTION}`),
      figure(
        `${changes.isQuantity ? 'Mean absolute error' : 'Share wrong'}; a stroke: the detector says it changed, dotted: it warns`,
        errorCurve(changes),
      ),
      changeTable(changes.found),
    ],
  };
}

const CAUTION =
  'A detector alone alarms now and then though nothing changed: believe several at about the same row, or the p of change.';

/** In a sentence: how many say so, and where most of them do. */
export function summaryOf({ found, errors }: ErrorChanges): string {
  const speaking = found.filter(({ drifts }) => drifts.length > 0);
  const all = countText(found.length, 'detector');
  if (speaking.length === 0) return `None of ${all} says that the error changed.`;
  const says = `${speaking.length} of ${all} ${speaking.length === 1 ? 'says' : 'say'} that the error changed`;
  const { detectors, from, to } = agreement(speaking, errors.length / 20);
  if (speaking.length > 1 && detectors.length === 1)
    return `${says}, no two of them at about the same row.`;
  const names = detectors.map((detector) => NAMES[detector].name).join(', ');
  const rows =
    from === to ? `at row ${numberText(from)}` : `in rows ${numberText(from)} to ${numberText(to)}`;
  return `${says}, ${rows}: ${names}.`;
}

type Agreement = { detectors: Detector[]; from: number; to: number };

/** The stretch of at most `width` rows in which the most detectors speak; the shortest of those. */
function agreement(found: readonly Changes[], width: number): Agreement {
  const marks = found
    .flatMap(({ detector, drifts }) => drifts.map((row) => ({ detector, row })))
    .sort((a, b) => a.row - b.row);
  const inside = new Map<Detector, number>();
  let best: Agreement | null = null;
  let start = 0;
  for (const { detector, row } of marks) {
    inside.set(detector, (inside.get(detector) ?? 0) + 1);
    const isSpare = (): boolean =>
      row - marks[start].row > width || (inside.get(marks[start].detector) ?? 0) > 1;
    while (isSpare()) {
      const { detector: gone } = marks[start++];
      const left = (inside.get(gone) ?? 0) - 1;
      if (left > 0) inside.set(gone, left);
      else inside.delete(gone);
    }
    const from = marks[start].row;
    const more = inside.size - (best?.detectors.length ?? 0);
    if (!best || more > 0 || (more === 0 && row - from < best.to - best.from))
      best = { detectors: [...inside.keys()], from, to: row };
  }
  assert(best, 'a detector speaks');
  return best;
}

function errorCurve({ found, errors, isQuantity }: ErrorChanges): Curves {
  const size = Math.max(1, Math.ceil(errors.length / MAX_WINDOWS));
  const name = isQuantity ? 'mean absolute error' : 'share wrong';
  const points = Array.from({ length: Math.ceil(errors.length / size) }, (_, window) => {
    const [from, to] = [window * size, Math.min((window + 1) * size, errors.length)];
    let sum = 0;
    for (let row = from; row < to; row++) sum += errors[row];
    const label = `rows ${numberText(from + 1)} to ${numberText(to)}`;
    return { x: (from + 1 + to) / 2, y: sum / (to - from), label };
  });
  return {
    type: 'curves',
    x: { label: 'row', format: 'number' },
    y: {
      label: `${name}, ${countText(size, 'row')} a point`,
      format: isQuantity ? 'number' : 'percent',
    },
    levels: [],
    series: [{ name, style: 'line', points }],
    events: found.map(({ detector, drifts, warnings }) => ({
      name: NAMES[detector].name,
      at: [
        ...marksOf(warnings, { size, tone: 'unsure', word: 'warned' }),
        ...marksOf(drifts, { size, tone: 'bad', word: 'changed' }),
      ],
    })),
  };
}

/** One mark a window, at the first row in it: a detector may speak at any number of rows. */
function marksOf(
  rows: readonly number[],
  { size, tone, word }: { size: number; tone: 'bad' | 'unsure'; word: string },
) {
  const byWindow = new Map<number, number[]>();
  for (const row of rows) {
    const window = Math.floor((row - 1) / size);
    const known = byWindow.get(window);
    if (known) known.push(row);
    else byWindow.set(window, [row]);
  }
  return [...byWindow.values()].map((inside) => {
    const more = inside.length > 1 ? ` and ${inside.length - 1} more` : '';
    return { x: inside[0], tone, label: `${word} at row ${numberText(inside[0])}${more}` };
  });
}

const number = (label: string) => ({ label, isNumber: true });

function changeTable(found: readonly Changes[]): Table {
  return {
    kind: 'table',
    caption: 'What each detector says; each starts anew after a change. Rows are counted from 1.',
    columns: [
      { label: 'Detector' },
      { label: 'Watches' },
      { label: 'Says' },
      number('Changes'),
      number('First warning'),
      { label: 'Changed at rows' },
    ],
    rows: found.map(({ detector, drifts, warnings }): Cell[] => [
      { text: NAMES[detector].name },
      { text: NAMES[detector].watches },
      drifts.length > 0 ? { text: 'changed', tone: 'bad' } : { text: 'no change', tone: 'good' },
      { text: numberText(drifts.length), order: drifts.length },
      { text: numberText(warnings[0]), order: warnings[0] ?? null },
      { text: rowsText(drifts), order: drifts[0] ?? null },
    ]),
  };
}

function rowsText(rows: readonly number[]): string {
  if (rows.length === 0) return '–';
  const told = rows.slice(0, MAX_ROWS_TOLD).map((row) => numberText(row));
  const left = rows.length - told.length;
  return `${told.join(', ')}${left > 0 ? `, and ${numberText(left)} more` : ''}`;
}
