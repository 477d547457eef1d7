import type { ColumnDrift, SchemaChange, TableDrift } from '../../stats/drift/compare-tables.ts';
import type { EffectSize } from '../../stats/drift/effect-size.ts';
import { shorten } from '../escape.ts';
import { chanceText, countText, numberText, percentText } from '../number-text.ts';
import { type Cell, paragraph, type Report, type Spark, type Table } from '../report.ts';
import {
  type ColumnLook,
  effectText,
  foldOf,
  signed,
  type Told,
  VERDICTS,
  wordsOf,
} from './drift-column.ts';
import { schemaSentences } from './drift-words.ts';

export type DriftReportOptions = {
  title: string;
  subject: string;
  alpha: number;
  /** Asked only for the columns that are shown. */
  lookAt: (column: string) => ColumnLook;
  /** What methods say that look at all columns together. */
  together?: readonly { sentence: string; drifted: boolean | null }[];
};

/** Columns shown in the table, and of these in detail: what bounds a report of ten thousand columns. */
const MAX_ROWS = 250;
const MAX_FOLDS = 40;
const OPEN = 3;
const NAME_LENGTH = 80;

/** Drift of a table of columns: which moved, how far, how sure that is, and how they look. */
export function driftReport(drift: TableDrift, options: DriftReportOptions): Report {
  const ordered = [...drift.columns].sort(byWeight);
  const told = ordered.slice(0, MAX_ROWS).map((column, i) => ({
    drift: column,
    look: options.lookAt(column.column),
    name: shorten(column.column, NAME_LENGTH),
    id: `column-${i + 1}`,
  }));
  const detailed = told.slice(0, MAX_FOLDS);
  const left = drift.columns.length - told.length;
  const overview = [
    ...schemaSentences(drift.schema).map(paragraph),
    ...(options.together ?? []).map(({ sentence }) => paragraph(sentence)),
    overviewTable(told),
    ...(left > 0
      ? [paragraph(`${countText(left, 'more column')} with weaker evidence: see the JSON answer.`)]
      : []),
  ];
  return {
    kind: 'drift',
    title: options.title,
    subject: options.subject,
    verdict: withTogether(verdictOf(drift, ordered), options),
    facts: factsOf(drift, options.alpha),
    sections: [
      { heading: 'Columns', blocks: overview },
      {
        heading: 'Column by column',
        blocks: detailed.map((column, i) => foldOf(column, i < OPEN)),
      },
      { heading: 'How this was judged', blocks: explanation(drift, options.alpha).map(paragraph) },
    ],
  };
}

/** Drifted first, then by evidence, then by name. */
function byWeight(a: ColumnDrift, b: ColumnDrift): number {
  const rank = ({ drifted }: ColumnDrift): number => (drifted === null ? 2 : drifted ? 0 : 1);
  const p = ({ adjustedPValue, results: [first] }: ColumnDrift): number =>
    adjustedPValue ?? first.pValue ?? 1;
  return rank(a) - rank(b) || p(a) - p(b) || sizeOf(b) - sizeOf(a);
}

const sizeOf = ({ effects }: ColumnDrift): number =>
  effects.find(({ name }) => name === 'psi')?.value ?? 0;

function verdictOf(drift: TableDrift, ordered: readonly ColumnDrift[]): Report['verdict'] {
  const { drifted } = drift.dataset;
  const total = drift.columns.length;
  const moved = ordered.filter((column) => column.drifted);
  const unknown = ordered.filter((column) => column.drifted === null).length;
  const names = moved.slice(0, 3).map(({ column }) => shorten(column, 40));
  const more = moved.length > names.length ? ` and ${moved.length - names.length} more` : '';
  const list = names.length > 0 ? `: ${names.join(', ')}${more}` : '';
  const rest =
    unknown > 0 && unknown < total ? ` ${countText(unknown, 'column')} had too little data.` : '';
  const sentence =
    unknown === total
      ? `None of ${countText(total, 'column')} has enough values to tell.`
      : moved.length === 0
        ? `Nothing moved beyond chance in ${countText(total, 'column')}.`
        : `${moved.length} of ${countText(total, 'column')} moved beyond chance${list}.`;
  const lost = drift.schema.missing.length;
  const schema = lost > 0 ? ` The current data lack ${countText(lost, 'column')}.` : '';
  return { ...wordsOf(drifted), sentence: `${sentence}${rest}${schema}` };
}

/** Columns that each stayed may have moved together. */
function withTogether(
  verdict: Report['verdict'],
  { together = [] }: DriftReportOptions,
): Report['verdict'] {
  if (!together.some(({ drifted }) => drifted)) return verdict;
  return { ...VERDICTS.true, sentence: `${verdict.sentence} Taken together, the columns moved.` };
}

/** Beside the figure of columns that moved. */
function schemaNote({ missing, added, retyped }: SchemaChange): { note?: string } {
  const notes = [
    ...(missing.length > 0 ? [`${missing.length} missing`] : []),
    ...(added.length > 0 ? [`${added.length} new`] : []),
    ...(retyped.length > 0 ? [`${retyped.length} of another type`] : []),
  ];
  return notes.length > 0 ? { note: notes.join(', ') } : {};
}

function factsOf({ dataset, schema, columns }: TableDrift, alpha: number): Report['facts'] {
  const rows = (pick: (column: ColumnDrift) => number): string =>
    numberText(columns.reduce((most, column) => Math.max(most, pick(column)), 0));
  const moved = columns.filter(({ drifted }) => drifted).length;
  return [
    { label: 'Columns that moved', value: `${moved} of ${columns.length}`, ...schemaNote(schema) },
    { label: 'Reference values', value: rows((column) => column.nReference), note: 'a column' },
    { label: 'Current values', value: rows((column) => column.nCurrent), note: 'a column' },
    dataset.method === 'evidently'
      ? { label: 'Judged as', value: 'Evidently', note: 'its methods and thresholds' }
      : { label: 'False alarms', value: `≤ ${percentText(alpha)}`, note: 'of unchanged datasets' },
  ];
}

function overviewTable(told: readonly Told[]): Table {
  const bound = told
    .flatMap(({ drift }) => drift.effects.filter(({ name }) => name !== 'psi'))
    .reduce((most, { interval }) => Math.max(most, ...interval.map(Math.abs)), 0.3);
  const reach = Math.min(2, bound);
  return {
    kind: 'table',
    caption: 'All columns, those that moved most surely first. Grey: reference, blue: current.',
    columns: [
      { label: 'Column' },
      { label: 'Distribution' },
      { label: 'Effect, 95 % interval' },
      { label: 'PSI', isNumber: true },
      { label: 'p', isNumber: true },
      { label: 'Verdict' },
    ],
    rows: told.map((column, i) => rowOf(column, { reach, isDetailed: i < MAX_FOLDS })),
  };
}

function rowOf(
  { drift, look, name, id }: Told,
  { reach, isDetailed }: { reach: number; isDetailed: boolean },
): Cell[] {
  const psi = drift.effects.find(({ name }) => name === 'psi');
  const second = drift.effects.find(({ name }) => name !== 'psi');
  const [reference, current] = look.shape.series.map(({ shares }) => shares);
  const { tone, word } = wordsOf(drift.drifted);
  const p = drift.adjustedPValue ?? drift.results[0].pValue;
  return [
    isDetailed ? { text: name, leadsTo: id } : { text: name },
    { text: '', spark: { type: 'distributions', reference, current } },
    second
      ? { text: signed(second), order: second.value, spark: effectSpark(second, reach) }
      : { text: '–', order: null },
    { text: psi ? effectText(psi.value) : '–', order: psi?.value ?? null },
    { text: chanceText(p), order: p },
    { text: word, tone },
  ];
}

const effectSpark = ({ name, value, interval: [low, high] }: EffectSize, reach: number): Spark => ({
  type: 'interval',
  ...{ value, low, high },
  from: name === 'cramers_v' ? 0 : -reach,
  to: name === 'cramers_v' ? Math.min(1, reach) : reach,
});

const explanation = ({ dataset }: TableDrift, alpha: number): string[] =>
  dataset.method === 'evidently'
    ? [
        "Compatibility mode: Evidently's choice of method by column, its thresholds, and drift of the dataset from half of the columns on. It does not hold a rate of false alarms.",
      ]
    : [
        `A column has moved when the chance of as much difference without any change, adjusted over all columns (Benjamini and Hochberg), is at most ${percentText(alpha)}. The sizes of both samples are counted. So at most ${percentText(alpha)} of datasets in which nothing changed alarm, however many columns they have.`,
        'How sure (p) and how far (effect) are two questions: large samples find changes too small to matter. Effects come with 95 % intervals and have taken off what chance alone gives at these sizes.',
        "The difference of means is told in standard deviations: 0.2 is often called small, 0.5 medium, 0.8 large. For categories, Cramer's V goes from 0 (the same shares) to 1 (nothing in common).",
      ];
