import { expect, test } from 'vitest';
import { inferTable } from '../table/infer-table.ts';
import { joinPrints, rowPrints } from './row-prints.ts';

function printsOf(text: string, isTargetIncluded = true): number[] {
  const read = inferTable(text, { target: 'y', task: 'regression' });
  if (!read.ok) throw new Error('not read');
  return [...rowPrints(read.value.table, isTargetIncluded)];
}

const rows = ['1,red,5', '2,blue,5', '?,red,5', '1,red,6', '2,,5', '0,red,5'];
const header = 'x,kind,y';

test('equal rows have one print wherever they stand, rows that differ in any cell have another', () => {
  const prints = printsOf([header, ...rows].join('\n'));
  expect(new Set(prints).size).toBe(rows.length);
  const turned = printsOf([header, ...rows.toReversed(), '-0,red,5'].join('\n'));
  expect(turned.slice(0, -1)).toEqual(prints.toReversed());
  expect(turned.at(-1)).toBe(prints[5]);
});

test('a target that is not learnt from makes no difference', () => {
  const [first, , , other] = printsOf([header, ...rows].join('\n'), false);
  expect(first).toBe(other);
});

test('joined prints are ascending, each once', () => {
  expect([...joinPrints(Uint32Array.of(7, 3, 7), Uint32Array.of(4_000_000_000, 3))]).toEqual([
    3, 7, 4_000_000_000,
  ]);
});
