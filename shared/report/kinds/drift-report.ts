import type { ColumnDrift, TableDrift } from '../../stats/drift/compare-tables.ts';
import type { EffectSize } from '../../stats/drift/effect-size.ts';
import { shorten } from '../escape.ts';
import { chanceText, countText, numberText, percentText } from '../number-text.ts';
import {
  type Cell,
  type Fold,
  figure,
  paragraph,
  type Report,
  type Spark,
  type Table,
  type Tone,
} from '../report.ts';
import type { ColumnShape } from './column-shape.ts';

/** What is shown of one column besides the verdict. */
export type ColumnLook = { shape: ColumnShape; summary: Table };

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

type Told = { drift: ColumnDrift; look: ColumnLook; name: string; id: string };

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

export const VERDICTS: Record<string, { tone: Tone; word: string }> = {
  true: { tone: 'bad', word: 'Drifted' },
  false: { tone: 'good', word: 'No drift' },
  null: { tone: 'unsure', word: 'Too little data' },
};

const wordsOf = (drifted: boolean | null) => VERDICTS[`${drifted}`];

/** Drifted first, then by evidence, then by name. */
function byWeight(a: ColumnDrift, b: ColumnDrift): number {
  const rank = ({ drifted }: ColumnDrift): number => (drifted === null ? 2 : drifted ? 0 : 1);
  const p = ({ adjustedPValue, results: [first] }: ColumnDrift): number =>
    adjustedPValue ?? first.pValue ?? 1;
  return rank(a) - rank(b) || p(a) - p(b) || sizeOf(b) - sizeOf(a);
}

const sizeOf = ({ effects }: ColumnDrift): number => effects[0]?.value ?? 0;

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
  return { ...wordsOf(drifted), sentence: `${sentence}${rest}` };
}

/** Columns that each stayed may have moved together. */
function withTogether(
  verdict: Report['verdict'],
  { together = [] }: DriftReportOptions,
): Report['verdict'] {
  if (!together.some(({ drifted }) => drifted)) return verdict;
  return { ...VERDICTS.true, sentence: `${verdict.sentence} Taken together, the columns moved.` };
}

function factsOf({ dataset, columns }: TableDrift, alpha: number): Report['facts'] {
  const rows = (pick: (column: ColumnDrift) => number): string =>
    numberText(columns.reduce((most, column) => Math.max(most, pick(column)), 0));
  const moved = columns.filter(({ drifted }) => drifted).length;
  return [
    { label: 'Columns that moved', value: `${moved} of ${columns.length}` },
    { label: 'Reference values', value: rows((column) => column.nReference), note: 'a column' },
    { label: 'Current values', value: rows((column) => column.nCurrent), note: 'a column' },
    dataset.method === 'evidently'
      ? { label: 'Judged as', value: 'Evidently', note: 'its methods and thresholds' }
      : { label: 'False alarms', value: `≤ ${percentText(alpha)}`, note: 'of unchanged datasets' },
  ];
}

function overviewTable(told: readonly Told[]): Table {
  const bound = told
    .flatMap(({ drift }) => drift.effects.slice(1))
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
  const [psi, second] = drift.effects;
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

const signed = ({ name, value }: EffectSize): string =>
  name === 'standardised_mean_difference'
    ? `${value > 0 ? '+' : ''}${effectText(value)} SD`
    : `V ${effectText(value)}`;

/** Effects differ in their second decimal, not in their fifth. */
const effectText = (value: number): string => numberText(Math.round(value * 1000) / 1000);

const EFFECTS: Record<EffectSize['name'], string> = {
  psi: 'population stability index, chance taken off',
  standardised_mean_difference: 'difference of means, in standard deviations',
  cramers_v: "Cramer's V (0 the same shares, 1 disjoint)",
};

function foldOf({ drift, look, name, id }: Told, isEarly: boolean): Fold {
  const { tone, word } = wordsOf(drift.drifted);
  const second = drift.effects[1];
  const summary = second
    ? `${signed(second)}, 95 % interval ${second.interval.map(effectText).join(' to ')}`
    : 'no effect can be told';
  return {
    kind: 'fold',
    id,
    heading: name,
    tone,
    mark: word,
    summary,
    isOpen: isEarly && drift.drifted === true,
    blocks: [
      figure(`${name}: reference and current`, look.shape),
      look.summary,
      effectTable(drift.effects),
      methodTable(drift),
    ].filter((block) => block.kind !== 'table' || block.rows.length > 0),
  };
}

const effectTable = (effects: readonly EffectSize[]): Table => ({
  kind: 'table',
  caption: 'How large the change is',
  columns: [{ label: 'Effect' }, { label: 'Value', isNumber: true }, { label: '95 % interval' }],
  rows: effects.map(({ name, value, interval }) => [
    { text: EFFECTS[name] },
    { text: effectText(value), order: value },
    { text: interval.map(effectText).join(' to ') },
  ]),
});

function methodTable({ results, adjustedPValue, drifted: overall }: ColumnDrift): Table {
  const number = (label: string) => ({ label, isNumber: true });
  return {
    kind: 'table',
    caption:
      adjustedPValue === null
        ? 'What each method says; the first decides'
        : `What each method says; the first decides, its p adjusted over all columns: ${chanceText(adjustedPValue)}`,
    columns: [
      { label: 'Method' },
      number('Statistic'),
      number('p'),
      number('Threshold'),
      { label: 'Says' },
    ],
    rows: results.map(({ method, statistic, pValue, threshold, drifted }) => [
      { text: method },
      { text: numberText(statistic), order: statistic },
      { text: chanceText(pValue), order: pValue },
      { text: numberText(threshold), order: threshold },
      { text: saying(drifted, overall) },
    ]),
  };
}

/** A method that says nothing where another does is not made for such a column. */
const saying = (drifted: boolean | null, overall: boolean | null): string =>
  drifted === null && overall !== null ? 'not for this' : wordsOf(drifted).word.toLowerCase();

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
