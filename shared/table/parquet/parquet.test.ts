import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { expect, test } from 'vitest';
import { inferTable } from '../infer-table.ts';
import { readTableAs } from '../read-table-as.ts';
import { rowAt } from '../table.ts';
import { pushParquet } from './push-parquet.ts';
import { writeTable } from './write-table.ts';

async function piecesOf(file: ArrayBuffer): Promise<string[]> {
  const pieces: string[] = [];
  const read = await pushParquet(file, (text) => void pieces.push(text));
  if (!read.ok) throw new Error(read.error.message);
  return pieces;
}

test('a table written and read again is the same, whatever its texts hold', async () => {
  const row = fc.record({
    n: fc.option(fc.float({ noNaN: true, min: -(2 ** 126), max: 2 ** 126 })),
    w: fc.option(fc.constantFrom('red', 'a,b', 'say "hi"', 'two\nlines', 'ä')),
    y: fc.constantFrom('no', 'yes'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
      const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
      const lines = rows.map(({ n, w, y }) => `${n ?? ''},${quoted(w ?? '')},${y}`);
      const text = `n,w,y\n1,red,no\n2,green,yes\n${lines.join('\n')}\n`;
      const inferred = inferTable(text, { target: 'y' });
      if (!inferred.ok) throw new Error('inference');
      const { table, classes } = inferred.value;
      const pieces = await piecesOf(writeTable(table, { name: 'y', classes }));
      const again = readTableAs(pieces, inferred.value);
      expect(again.ok && again.value.table).toEqual(table);
    }),
    { numRuns: 30 },
  );
});

test('whole numbers, booleans, times, lists and missing values of other writers are read', async () => {
  const file = parquetWriteBuffer({
    columnData: [
      { name: 'big', data: [1n, 2n ** 60n, null], type: 'INT64' },
      { name: 'small', data: [7, null, -1], type: 'INT32' },
      { name: 'is_on', data: [true, false, null], type: 'BOOLEAN' },
      {
        name: 'at',
        data: [new Date(0), new Date(86_400_000), null],
        type: 'TIMESTAMP',
      },
      { name: 'x', data: [Number.NaN, 0.1, Number.NEGATIVE_INFINITY], type: 'DOUBLE' },
      { name: 'tags', data: [['a', 1], [], null], type: 'JSON' },
    ],
  });
  expect((await piecesOf(file)).join('')).toBe(
    [
      'big,small,is_on,at,x,tags',
      '1,7,true,1970-01-01T00:00:00.000Z,,"[""a"",1]"',
      '1152921504606846976,,false,1970-01-02T00:00:00.000Z,0.1,[]',
      ',-1,,,-inf,',
      '',
    ].join('\r\n'),
  );
});

test('row groups and pieces follow each other without a gap', async () => {
  const values = Array.from({ length: 5000 }, (_, i) => i);
  const file = parquetWriteBuffer({
    columnData: [{ name: 'a', data: Float64Array.from(values), type: 'DOUBLE' }],
    rowGroupSize: 1700,
  });
  const pieces = await piecesOf(file);
  expect(pieces.length).toBeGreaterThan(4);
  const read = inferTable(pieces);
  if (!read.ok) throw new Error('inference');
  expect(values.map((i) => rowAt(read.value.table, i).a)).toEqual(values);
});

test('a column of one that misses a value keeps its row', async () => {
  const file = parquetWriteBuffer({ columnData: [{ name: 'a', data: ['x', null, 'y'] }] });
  const read = inferTable(await piecesOf(file));
  expect(read.ok && read.value.table.rows).toBe(3);
});

test('what is no Parquet file is an answer', async () => {
  const text = new TextEncoder().encode('a,b\n1,2\n').buffer;
  expect(await pushParquet(text, () => undefined)).toMatchObject({
    ok: false,
    error: { reason: 'invalid_parquet' },
  });
});
