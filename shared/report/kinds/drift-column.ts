import type { ColumnDrift } from '../../stats/drift/compare-tables.ts';
import type { EffectSize } from '../../stats/drift/effect-size.ts';
import type { JudgedShare } from '../../stats/drift/share-changes.ts';
import { chanceText, numberText, percentText } from '../number-text.ts';
import { type Fold, figure, type Table, type Tone } from '../report.ts';
import type { ColumnShape } from './column-shape.ts';

/** What is shown of one column besides the verdict. */
export type ColumnLook = { shape: ColumnShape; summary: Table };

export type Told = { drift: ColumnDrift; look: ColumnLook; name: string; id: string };

export const VERDICTS: Record<string, { tone: Tone; word: string }> = {
  true: { tone: 'bad', word: 'Drifted' },
  false: { tone: 'good', word: 'No drift' },
  null: { tone: 'unsure', word: 'Too little data' },
};

export const wordsOf = (drifted: boolean | null) => VERDICTS[`${drifted}`];

export const signed = ({ name, value }: EffectSize): string =>
  name === 'standardised_mean_difference'
    ? `${value > 0 ? '+' : ''}${effectText(value)} SD`
    : `V ${effectText(value)}`;

/** Effects differ in their second decimal, not in their fifth. */
export const effectText = (value: number): string => numberText(Math.round(value * 1000) / 1000);

const EFFECTS: Record<EffectSize['name'], string> = {
  psi: 'population stability index, chance taken off',
  standardised_mean_difference: 'difference of means, in standard deviations',
  cramers_v: "Cramer's V (0 the same shares, 1 disjoint)",
};

/** One column in full. */
export function foldOf({ drift, look, name, id }: Told, isEarly: boolean): Fold {
  const { tone, word } = wordsOf(drift.drifted);
  const second = drift.effects.find(({ name }) => name !== 'psi');
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
      shareTable(drift.shares),
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

const SHARES: Record<JudgedShare['of'], string> = {
  missing_values: 'missing values',
  unseen_categories:
    'categories that the reference does not have; reference: what rare ones explain',
};

const shareTable = (shares: readonly JudgedShare[]): Table => ({
  kind: 'table',
  caption: 'Missing values and unseen categories; p adjusted over those of all columns',
  columns: [
    { label: 'Share of rows' },
    { label: 'Reference', isNumber: true },
    { label: 'Current', isNumber: true },
    { label: 'Difference, 95 % interval' },
    { label: 'p', isNumber: true },
    { label: 'Says' },
  ],
  rows: shares.map(({ of, reference, current, difference, interval, adjustedPValue, drifted }) => [
    { text: SHARES[of] },
    { text: percentText(reference), order: reference },
    { text: percentText(current), order: current },
    { text: `${percentText(difference)}, ${interval.map(percentText).join(' to ')}` },
    { text: chanceText(adjustedPValue), order: adjustedPValue },
    { text: wordsOf(drifted).word.toLowerCase() },
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
