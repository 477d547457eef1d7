import { expect, test } from 'vitest';
import { readOutcomesCsv } from './outcomes-csv.ts';

const HEADER = 'prediction_id,value,observed_at';
const ID = 'device01.writer01:7';

const read = (...lines: string[]) => {
  const result = readOutcomesCsv(lines.join('\n'));
  if (!result.ok) throw new Error(result.error.issue.expected);
  return result.value;
};

test('sound rows keep their row number, and times become UTC', () => {
  expect(
    read(HEADER, `${ID},31.5,2026-05-01T09:30:00+02:00`, '', `${ID},2e1,2026-05-01T09:30:00Z`),
  ).toEqual({
    outcomes: [
      {
        row: 1,
        outcome: { predictionId: ID, value: 31.5, observedAt: '2026-05-01T07:30:00.000Z' },
      },
      {
        row: 2,
        outcome: { predictionId: ID, value: 20, observedAt: '2026-05-01T09:30:00.000Z' },
      },
    ],
    issues: [],
  });
});

test('columns may stand in any order among others', () => {
  const { outcomes } = read(
    'note,observed_at,value,prediction_id',
    `x,2026-05-01T09:30:00Z,4,${ID}`,
  );
  expect(outcomes[0].outcome.value).toBe(4);
});

test('a corrupt row is named by row, line, column, what was expected and what was found', () => {
  const { outcomes, issues } = read(
    HEADER,
    `${ID},fast,2026-05-01T09:30:00Z`,
    `nonsense,3,2026-05-01T09:30:00Z`,
    `${ID},3,01/05/2026`,
    `${ID},3`,
    `${ID},,2026-05-01T09:30:00Z`,
    `${ID},1e999,2026-05-01T09:30:00Z`,
    `${ID},3,2026-05-01T09:30:00Z`,
    `${ID},3,2026-02-31T09:30:00Z`,
    `${ID},1e80,2026-05-01T09:30:00Z`,
  );
  expect(outcomes.map(({ row }) => row)).toEqual([7]);
  expect(issues.map(({ row, line, column, found }) => [row, line, column, found])).toEqual([
    [1, 2, 'value', '"fast"'],
    [2, 3, 'prediction_id', '"nonsense"'],
    [3, 4, 'observed_at', '"01/05/2026"'],
    [4, 5, null, '2'],
    [5, 6, 'value', '""'],
    [6, 7, 'value', '"1e999"'],
    [8, 9, 'observed_at', '"2026-02-31T09:30:00Z"'],
    [9, 10, 'value', '"1e80"'],
  ]);
});

test('a local time without a zone is refused: it could be any of 26 hours', () => {
  expect(read(HEADER, `${ID},3,2026-05-01T09:30:00`).issues[0].column).toBe('observed_at');
});

test('a missing or doubled column fails the file and says which', () => {
  for (const header of ['prediction_id,value', 'prediction_id,value,value,observed_at', '']) {
    const result = readOutcomesCsv(`${header}\n${ID},3,4,5`);
    expect(result.ok).toBe(false);
  }
});

test('an open quote is named with its line, and the rows before it are kept', () => {
  const { outcomes, issues } = read(HEADER, `${ID},3,2026-05-01T09:30:00Z`, `"${ID},3`);
  expect(outcomes).toHaveLength(1);
  expect(issues[0]).toMatchObject({ row: 2, line: 3, expected: 'a closing quote' });
});

test('of a binary use case a value is a class by its name, or 0 or 1', () => {
  const row = (value: string) => `${ID},${value},2026-05-01T09:30:00Z`;
  const text = [HEADER, ...['churned', 'stayed', '1', '0', 'left', '0.5'].map(row)].join('\n');
  const read = readOutcomesCsv(text, ['stayed', 'churned']);
  if (!read.ok) throw new Error('expected a header that is read');
  expect(read.value.outcomes.map(({ outcome }) => outcome.value)).toEqual([1, 0, 1, 0]);
  expect(read.value.issues).toMatchObject([
    { row: 5, column: 'value', expected: '"stayed" or "churned", or 0 or 1', found: '"left"' },
    { row: 6, column: 'value' },
  ]);
  // Classes that are themselves called 0 and 1 the other way round are taken at their names.
  const turned = readOutcomesCsv([HEADER, row('1')].join('\n'), ['1', '0']);
  expect(turned.ok && turned.value.outcomes[0].outcome.value).toBe(0);
});
