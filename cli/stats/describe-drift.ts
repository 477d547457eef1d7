import { schemaSentences, shareChangeSentence } from '../../shared/report/kinds/drift-words.ts';
import type { ColumnDrift, TableDrift } from '../../shared/stats/drift/compare-tables.ts';

const WORDS = { true: 'drifted', false: 'no drift', null: 'too little data' };

/** What a comparison of tables found: the dataset, its schema, then a line a column. */
export function describeDrift({ dataset, schema, columns }: TableDrift): string[] {
  const lost = dataset.method === 'evidently' ? 0 : schema.missing.length;
  const count = columns.length + lost;
  return [
    `Dataset: ${WORDS[`${dataset.drifted}`]}, ${show(dataset.share * 100)} % of ${count} columns`,
    ...schemaSentences(schema),
    ...columns.flatMap(linesOf),
  ];
}

function linesOf({ column, results: [first], effects, shares, drifted }: ColumnDrift): string[] {
  const p = first.pValue === null ? '' : `, p ${show(first.pValue)}`;
  const sizes = effects.map(
    ({ name, value, interval: [low, high] }) =>
      `, ${name.replaceAll('_', ' ')} ${show(value)} [${show(low)}, ${show(high)}]`,
  );
  return [
    `${column}: ${WORDS[`${drifted}`]} (${first.method}${p}${sizes.join('')})`,
    ...shares.filter((share) => share.drifted).map((share) => `  ${shareChangeSentence(share)}`),
  ];
}

const show = (value: number): string => String(Number(value.toPrecision(3)));
