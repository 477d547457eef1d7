import type { SchemaChange } from '../../stats/drift/compare-tables.ts';
import type { JudgedShare } from '../../stats/drift/share-changes.ts';
import { shorten } from '../escape.ts';
import { chanceText, countText, percentText } from '../number-text.ts';

/** Names that a sentence tells. */
const MOST_NAMES = 5;
const NAME_LENGTH = 60;

/** What is told of columns that were lost or are new: a sentence of each kind there is. */
export function schemaSentences({ missing, added, retyped }: SchemaChange): string[] {
  const lookalikes = missing.flatMap((name) => {
    const other = added.find((one) => one.toLowerCase() === name.toLowerCase());
    return other === undefined ? [] : [`"${named(other)}" for "${named(name)}"`];
  });
  const hint = lookalikes.length > 0 ? ` They have ${listOf(lookalikes)}: is it the same?` : '';
  return [
    ...(missing.length > 0
      ? [
          `The current data lack ${countText(missing.length, 'column')} of the reference: ${listOf(missing.map(named))}.${hint}`,
        ]
      : []),
    ...(added.length > 0
      ? [
          `${countText(added.length, 'column')} of the current data ${added.length === 1 ? 'is' : 'are'} not in the reference: ${listOf(added.map(named))}.`,
        ]
      : []),
    ...retypedSentences(retyped),
  ];
}

const TYPES = { number: 'numbers', text: 'text' };

function retypedSentences(retyped: SchemaChange['retyped']): string[] {
  return (['number', 'text'] as const).flatMap((from) => {
    const own = retyped.filter((one) => one.from === from);
    if (own.length === 0) return [];
    const [{ to }] = own;
    const names = listOf(own.map(({ column }) => named(column)));
    return [
      `${countText(own.length, 'column')} of ${TYPES[from]} became ${TYPES[to]}: ${names}. Compared as text.`,
    ];
  });
}

const named = (name: string): string => shorten(name, NAME_LENGTH);

function listOf(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  const told = names.slice(0, MOST_NAMES).join(', ');
  return more > 0 ? `${told} and ${more} more` : told;
}

/** Below this share rare categories explain nothing worth a number. */
const NOTHING = 0.0005;

/** What became of the missing values, or the unseen categories, of a column. */
export function shareChangeSentence(change: JudgedShare): string {
  const { of, reference, current, adjustedPValue } = change;
  const p = chanceText(adjustedPValue);
  if (of === 'missing_values')
    return `${percentText(current)} of the rows are missing, ${percentText(reference)} were (p ${p}).`;
  const explained = reference < NOTHING ? 'none of it' : `${percentText(reference)} of the rows`;
  return `${percentText(current)} of the rows have a category that the reference does not have; rare categories explain ${explained} (p ${p}).`;
}
