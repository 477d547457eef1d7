import { expect, test } from 'vitest';
import { assignFolds } from '../../shared/learn/ensemble/fit-members.ts';
import type { PipelineData } from '../../shared/learn/pipeline-data.ts';
import { rowPrints } from '../../shared/learn/row-prints.ts';
import type { NumberColumn } from '../../shared/table/table.ts';
import { createTableBuilder } from '../../shared/table/table-builder.ts';
import { type HoldOut, holdOut, type SplitRule, withoutLearnt } from './hold-out.ts';

const INPUTS = [{ name: 'a', type: 'number', missing: 'impute' }] as const;

/** Rows from .. to - 1, each of them another. */
function rowsOf(from: number, to: number, task: 'regression' | 'multiclass' = 'regression') {
  const builder = createTableBuilder(INPUTS);
  for (let i = from; i < to; i++) {
    builder.begin();
    builder.setNumber(0, i);
    builder.commit(task === 'regression' ? i : i % 3, 0);
  }
  const classes = task === 'regression' ? [] : ['a', 'b', 'c'];
  return { task, inputs: INPUTS, table: builder.build(), classes, weights: null } as PipelineData;
}

const asked = { path: 'a.csv', testShare: 0.2, seed: 1, rule: null, earlier: null };
const numbersIn = ({ table }: PipelineData) => [...(table.columns[0] as NumberColumn).values];

function sidesOf(rule: SplitRule) {
  const parts = holdOut(rowsOf(0, 60), { ...asked, rule });
  if (!parts.ok) throw new Error(parts.error.message);
  return parts.value;
}

function partsOf(all: PipelineData, more: Partial<HoldOut> = {}) {
  const parts = holdOut(all, { ...asked, ...more });
  if (!parts.ok) throw new Error(parts.error.message);
  return { training: numbersIn(parts.value.training), test: numbersIn(parts.value.test) };
}

function earlierOf(all: PipelineData, more: Partial<HoldOut> = {}) {
  const parts = holdOut(all, { ...asked, ...more });
  if (!parts.ok) throw new Error(parts.error.message);
  const { training, test } = parts.value;
  const known = {
    learnt: rowPrints(training.table, true),
    heldOut: rowPrints(test.table, true),
  };
  return { folder: 'first', known };
}

test('of a grown file under another seed no row that was learnt is held out, and a fifth of the new ones is', () => {
  const before = partsOf(rowsOf(0, 100));
  const earlier = earlierOf(rowsOf(0, 100));
  const after = partsOf(rowsOf(0, 200), { earlier, seed: 2 });
  expect(after.test.filter((a) => before.training.includes(a))).toEqual([]);
  expect(after.test.filter((a) => a < 100)).toEqual(before.test);
  expect(after.test.filter((a) => a >= 100)).toHaveLength(20);
  expect([...after.test, ...after.training].sort((a, b) => a - b)).toHaveLength(200);
});

test('the same file splits as it did, whatever the seed', () => {
  const earlier = earlierOf(rowsOf(0, 100, 'multiclass'));
  const again = partsOf(rowsOf(0, 100, 'multiclass'), { earlier, seed: 9 });
  expect(again).toEqual(partsOf(rowsOf(0, 100, 'multiclass')));
});

test('where every row was learnt, or nobody knows, none is measured on', () => {
  const known = { learnt: rowPrints(rowsOf(0, 50).table, true), heldOut: new Uint32Array(0) };
  const told = [known, null].map((rows) => {
    const parts = holdOut(rowsOf(0, 50), { ...asked, earlier: { folder: 'first', known: rows } });
    return parts.ok ? '' : parts.error.message;
  });
  expect(told).toEqual([
    'The model in first has learnt the rows of a.csv, and none is left to measure on: add new rows, or name some by --test.',
    'The model in first does not say which rows it has learnt: name rows to measure on by --test.',
  ]);
});

test('rows of a test file that were learnt are left out and counted', () => {
  const earlier = earlierOf(rowsOf(0, 100));
  const learnt = partsOf(rowsOf(0, 100)).training;
  const left = withoutLearnt(rowsOf(50, 120), { path: 'b.csv', earlier });
  if (!left.ok) throw new Error(left.error.message);
  expect(numbersIn(left.value.test).filter((a) => learnt.includes(a))).toEqual([]);
  const count = learnt.filter((a) => a >= 50).length;
  expect(left.value.notes).toEqual([
    `${count} rows of b.csv are not measured on: the model in first has learnt them.`,
  ]);
});

test('groups stay together, and by time the newest are held out', () => {
  const numbers = Float64Array.from({ length: 60 }, (_, row) => row % 6);
  const byGroup = partsOf(rowsOf(0, 60), { rule: { by: 'group', column: 'g', numbers } });
  const groups = new Set(byGroup.test.map((a) => a % 6));
  expect(byGroup.training.some((a) => groups.has(a % 6))).toBe(false);
  const { training } = sidesOf({ by: 'group', column: 'g', numbers });
  const folds = assignFolds(training, { folds: 3, seed: 4 });
  if (!folds.ok) throw new Error('no folds');
  const foldOf = new Map(Array.from(training.groups!, (group, i) => [group, folds.value[i]]));
  expect([...training.groups!].map((group) => foldOf.get(group))).toEqual([...folds.value]);
  const order = Float64Array.from({ length: 60 }, (_, row) => -row);
  const byTime = partsOf(rowsOf(0, 60), { rule: { by: 'time', column: 't', numbers: order } });
  expect(byTime.test).toEqual(Array.from({ length: 12 }, (_, i) => i));
});

test('classes of one row are told, and that fewer rows than asked for are held out', () => {
  const all = rowsOf(0, 12, 'multiclass');
  const target = Float64Array.from({ length: 12 }, (_, row) => Math.max(0, row - 3));
  const classes = Array.from({ length: 9 }, (_, code) => `c${code}`);
  const parts = holdOut({ ...all, classes, table: { ...all.table, target } }, asked);
  if (!parts.ok) throw new Error(parts.error.message);
  expect(parts.value.notes).toEqual([
    '1 of 12 rows are held out, not 3: 8 of 9 classes (the first is "c1") have one row, which is learnt from and never measured.',
  ]);
});

test('new rows of a group are on the side where the group is, whatever the seed', () => {
  const ruleOf = (rows: number): SplitRule => ({
    ...{ by: 'group', column: 'g' },
    numbers: Float64Array.from({ length: rows }, (_, row) => row % 6),
  });
  const earlier = earlierOf(rowsOf(0, 60), { rule: ruleOf(60) });
  for (const seed of [1, 2, 3, 4]) {
    const { training, test: held } = partsOf(rowsOf(0, 120), { earlier, rule: ruleOf(120), seed });
    const groups = new Set(held.map((a) => a % 6));
    expect(training.filter((a) => groups.has(a % 6))).toEqual([]);
    expect(held.some((a) => a >= 60)).toBe(true);
  }
});

test('a class that a split leaves nothing to learn of is told; one class alone is refused', () => {
  const numbers = Float64Array.from({ length: 30 }, (_, row) => row);
  const byTime = (target: Float64Array) => {
    const all = rowsOf(0, 30, 'multiclass');
    const rule: SplitRule = { by: 'time', column: 't', numbers };
    return holdOut({ ...all, table: { ...all.table, target } }, { ...asked, rule });
  };
  const told = byTime(numbers.map((row) => (row < 25 ? row % 2 : 2)));
  expect(told.ok && told.value.notes).toEqual([
    'No row to learn from is "c": they are all held out.',
  ]);
  const refused = byTime(numbers.map((row) => (row < 25 ? 0 : 1 + (row % 2))));
  expect(!refused.ok && refused.error.message).toBe(
    'a.csv: all rows to learn from are of one class; no row is "b".',
  );
});
