import type { ColumnQuality, Finding, LevelShare } from '../../stats/quality/quality-report.ts';
import { shorten } from '../escape.ts';
import { countText, numberText, percentText } from '../number-text.ts';
import {
  type Cell,
  type Figure,
  type Fold,
  figure,
  paragraph,
  type Table,
  type Tone,
} from '../report.ts';

const MAX_ROWS = 250;
const OPEN = 3;
const NAME_LENGTH = 60;

export const TONES: Record<Finding['severity'], Tone> = {
  error: 'bad',
  warning: 'unsure',
  note: 'plain',
};

/** Findings by the column they are of, the worst first. */
export type OwnFindings = ReadonlyMap<string | null, readonly Finding[]>;

export const byColumn = (findings: readonly Finding[]): OwnFindings =>
  Map.groupBy(findings, ({ column }) => column);

export const ownOf = ({ name }: ColumnQuality, own: OwnFindings): readonly Finding[] =>
  own.get(name) ?? [];

const SEVERITIES: readonly Finding['severity'][] = ['error', 'warning', 'note'];

/** Columns by their worst finding, ties in the file's order. */
export function worstFirst(columns: readonly ColumnQuality[], own: OwnFindings): ColumnQuality[] {
  const weight = (column: ColumnQuality): number => {
    const [worst] = ownOf(column, own);
    return worst ? SEVERITIES.indexOf(worst.severity) : SEVERITIES.length;
  };
  return [...columns].sort((a, b) => weight(a) - weight(b));
}

type OverviewOptions = {
  own: OwnFindings;
  idOf: ReadonlyMap<ColumnQuality, string>;
};

export function overviewTable(
  columns: readonly ColumnQuality[],
  { own, idOf }: OverviewOptions,
): Table {
  const shown = columns.slice(0, MAX_ROWS);
  const left = columns.length - shown.length;
  return {
    kind: 'table',
    caption: `In the file's order${left > 0 ? `; ${countText(left, 'more column')} in the JSON answer` : ''}`,
    columns: [
      { label: 'Column' },
      { label: 'Type' },
      { label: 'Values' },
      { label: 'Missing', isNumber: true },
      { label: 'Different', isNumber: true },
      { label: 'Outliers', isNumber: true },
      { label: 'Findings' },
    ],
    rows: shown.map((column) => {
      const found = ownOf(column, own);
      const outliers = outliersOf(column);
      const id = idOf.get(column);
      const name: Cell = { text: shorten(column.name, NAME_LENGTH) };
      return [
        id === undefined ? name : { ...name, leadsTo: id },
        { text: column.type },
        sparkOf(column),
        { text: percentText(column.missingShare), order: column.missingShare },
        { text: distinctText(column), order: column.distinct },
        { text: numberText(outliers), order: outliers },
        { text: [...new Set(found.map(kindText))].join(', '), tone: toneOf(found) },
      ];
    }),
  };
}

/** How the values lie, drawn; the fold says it in numbers. */
function sparkOf({ numbers, levels }: ColumnQuality): Cell {
  const shares = numbers?.histogram.shares ?? levels?.slice(0, 12).map(({ share }) => share);
  if (!shares || shares.length === 0) return { text: '' };
  return { text: '', spark: { type: 'distributions', reference: [], current: shares } };
}

const kindText = ({ kind }: Finding): string => kind.replaceAll('_', ' ');

const distinctText = ({ distinct, isDistinctExact }: ColumnQuality): string =>
  `${isDistinctExact ? '' : '≥ '}${numberText(distinct)}`;

const outliersOf = ({ numbers }: ColumnQuality): number | null =>
  numbers?.outliers.mad ?? numbers?.outliers.iqr ?? null;

const toneOf = (own: readonly Finding[]): Tone => (own[0] ? TONES[own[0].severity] : 'good');

export function foldOf(
  column: ColumnQuality,
  { own, id, i }: { own: readonly Finding[]; id: string; i: number },
): Fold {
  const name = shorten(column.name, NAME_LENGTH);
  const looks = lookOf(column, name);
  return {
    kind: 'fold',
    id,
    heading: name,
    tone: toneOf(own),
    mark: own.length === 0 ? 'nothing found' : countText(own.length, 'finding'),
    summary: `${column.type}: ${shorten(column.why, 200)}`,
    isOpen: i < OPEN && own.some(({ severity }) => severity !== 'note'),
    blocks: [
      ...own.map(({ sentence }) => paragraph(shorten(sentence, 300))),
      ...looks,
      summaryTable(column),
    ],
  };
}

function lookOf({ numbers, levels }: ColumnQuality, name: string): Figure[] {
  if (levels !== null && levels.length > 0)
    return [levelsFigure(`${name}: most frequent values`, levels)];
  if (numbers === null) return [];
  const { edges, shares, isOpenEnded } = numbers.histogram;
  return [
    figure(`${name}: how the values lie`, {
      type: 'histogram',
      edges,
      isOpenEnded,
      axis: isOpenEnded ? 'value (values further out are in the outer bins)' : 'value',
      series: [{ name: 'values', shares }],
    }),
  ];
}

export const levelsFigure = (title: string, levels: readonly LevelShare[]): Figure =>
  figure(title, {
    type: 'categories',
    labels: levels.slice(0, 12).map(({ value }) => shorten(value, 28)),
    series: [{ name: 'rows', shares: levels.slice(0, 12).map(({ share }) => share) }],
  });

function summaryTable(column: ColumnQuality): Table {
  const { present, missing, numbers } = column;
  const rows: [string, string][] = [
    ['values', numberText(present)],
    ['missing', numberText(missing)],
    ['different', distinctText(column)],
  ];
  if (numbers !== null)
    rows.push(
      ['least', numberText(numbers.min)],
      ['a quarter is below', numberText(numbers.q1)],
      ['half is below', numberText(numbers.median)],
      ['a quarter is above', numberText(numbers.q3)],
      ['greatest', numberText(numbers.max)],
      ['mean', numberText(numbers.mean)],
      ['standard deviation', numberText(numbers.standardDeviation)],
      ['zeros', numberText(numbers.zeros)],
      ['beyond 1.5 interquartile ranges', numberText(numbers.outliers.iqr)],
      ['outliers by median deviation', numberText(numbers.outliers.mad)],
    );
  return {
    kind: 'table',
    caption: 'In numbers',
    columns: [{ label: '' }, { label: 'value', isNumber: true }],
    rows: rows.map(([label, text]) => [{ text: label }, { text }]),
  };
}
