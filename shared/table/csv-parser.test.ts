import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCsvParser } from './csv-parser.ts';

function parse(...pieces: string[]) {
  const records: string[][] = [];
  const lines: number[] = [];
  const parser = createCsvParser((cells, line) => {
    records.push(cells);
    lines.push(line);
  });
  for (const piece of pieces) parser.push(piece);
  return { error: parser.end(), records, lines };
}

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

test('cells, quoted cells, doubled quotes, line breaks in quotes, LF and CRLF are read', () => {
  const { records, lines, error } = parse('a,b\r\n"x, ""y""\nz",2\n\n,\n');
  expect(records).toEqual([
    ['a', 'b'],
    ['x, "y"\nz', '2'],
    ['', ''],
  ]);
  expect(lines).toEqual([1, 2, 5]);
  expect(error).toBeNull();
});

test('a byte order mark is dropped and a last line without an end is a record', () => {
  expect(parse('\ufeffa,b\n1,2').records).toEqual([
    ['a', 'b'],
    ['1', '2'],
  ]);
});

test('what RFC 4180 forbids is an error with its line, and ends the reading', () => {
  expect(parse('a\nb"c\nd').error).toEqual({
    line: 2,
    expected: 'no quote inside an unquoted cell',
    found: 'b"',
  });
  expect(parse('a\n"b"c\nd')).toMatchObject({
    error: { line: 2, expected: 'a comma or a line end after a closing quote', found: '"c"' },
    records: [['a']],
  });
  expect(parse('a\n1\n"b\n\n').error).toEqual({
    line: 3,
    expected: 'a closing quote',
    found: 'the end of the file',
  });
});

test('whatever is written comes back, wherever the pieces are cut', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é') });
  fc.assert(
    fc.property(
      fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat(60)),
      (records, cuts) => {
        const text = records.map((cells) => cells.map(quoted).join(',')).join('\r\n');
        const ends = [...cuts.filter((cut) => cut < text.length), text.length].sort(
          (a, b) => a - b,
        );
        const pieces = ends.map((end, i) => text.slice(i === 0 ? 0 : ends[i - 1], end));
        expect(parse(...pieces)).toMatchObject({ records, error: null });
      },
    ),
  );
});

test('a CR alone ends no line: a file of such lines is refused, not read as one long line', () => {
  expect(parse('a,b\r1,2\r3,4\r').error).toMatchObject({ line: 1, found: 'a CR alone before "1"' });
  expect(parse('a,b\r', '\n1,2\r\r\n')).toMatchObject({
    records: [
      ['a', 'b'],
      ['1', '2'],
    ],
    error: null,
  });
});
