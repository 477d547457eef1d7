import { expect, test } from 'vitest';
import type { CategoryProfile } from '../../contracts/profile.ts';
import { createRng, type Rng } from '../../core/rng.ts';
import { hypergeometricSurvival } from '../distributions/hypergeometric.ts';
import { profileOfNumbers } from '../profile/reference-profile.ts';
import { compareProfiles } from './compare-profiles.ts';
import { compareTables, type SchemaChange, type TableColumn } from './compare-tables.ts';
import { eventSumTail } from './event-sum-tail.ts';
import { unseenCategories } from './unseen-categories.ts';

const profileOf = (
  counts: readonly number[],
  { other = 0, missing = 0 } = {},
): CategoryProfile => ({
  type: 'category',
  categories: counts.map(String),
  counts: [...counts, other],
  missing,
});

function draw(n: number, k: number, rng: Rng): number[] {
  const counts = new Array<number>(k).fill(0);
  for (let i = 0; i < n; i++) counts[Math.floor(k * rng() ** 2)]++;
  return counts;
}

const compare = (columns: TableColumn[], schema?: SchemaChange) =>
  compareTables(columns, {
    ...{ methods: ['auto'], alpha: 0.05, rng: createRng(1) },
    ...(schema ? { schema } : {}),
  });

const cells = (values: readonly (string | null)[]) => ({
  type: 'category' as const,
  values: values.flatMap((value) => value ?? []),
  missing: values.filter((value) => value === null).length,
});

const repeat = (value: string | null, times: number): (string | null)[] =>
  new Array<string | null>(times).fill(value);

test('rare categories that are new by chance alarm at most as often as said', () => {
  const rng = createRng(3);
  for (const [k, n, m] of [
    [200, 500, 500],
    [500, 3000, 300],
    [2000, 600, 600],
  ]) {
    const told = Array.from(
      { length: 200 },
      () => unseenCategories(profileOf(draw(n, k, rng)), profileOf(draw(m, k, rng)))!,
    );
    expect(told.filter(({ pValue }) => pValue <= 0.05).length / 200).toBeLessThan(0.08);
    const mean = (of: (one: (typeof told)[number]) => number) =>
      told.reduce((sum, one) => sum + of(one), 0) / told.length;
    expect(mean(({ rows }) => rows) / mean(({ expected }) => expected)).toBeCloseTo(1, 0);
  }
});

test('rows of new categories have the chance of falling there all together', () => {
  const few = unseenCategories(profileOf([1000, 0]), profileOf([97, 3]))!;
  const urn = { marked: 3, unmarked: 1097, drawn: 100 };
  expect(few).toMatchObject({ rows: 3, n: 100 });
  expect(few.pValue / hypergeometricSurvival(2, urn)).toBeCloseTo(1, 2);
  const unknown = unseenCategories(profileOf([1000, 0]), profileOf([97, 0], { other: 3 }))!;
  expect(unknown.rows).toBe(3);
  expect(unknown.pValue).toBeCloseTo(few.pValue, 3);
  expect(unseenCategories(profileOf([5, 0]), profileOf([7, 0]))!.pValue).toBe(1);
  expect(unseenCategories(profileOf([0]), profileOf([7]))).toBeNull();
});

test('the tail of summed events is exact for small sums and near it for large ones', () => {
  const coins = [{ size: 1, count: 10, chance: 0.5 }];
  expect(eventSumTail(8, coins)).toBeCloseTo(56 / 1024, 12);
  expect(eventSumTail(0, coins)).toBe(1);
  expect(eventSumTail(11, coins)).toBe(0);
  const half = [{ size: 1, count: 1000, chance: 0.5 }];
  for (const least of [1, 100, 300]) expect(eventSumTail(least, half)).toBeCloseTo(1, 12);
  const mixed = [{ size: 3, count: 1, chance: 0.1 }, ...coins];
  expect(eventSumTail(13, mixed)).toBeCloseTo(0.1 / 1024, 15);
  const many = { size: 1, count: 10_000, chance: 0.3 };
  const z = (at: number) => (at - 0.5 - 3000) / Math.sqrt(2100);
  expect(z(3076)).toBeCloseTo(1.6475, 3);
  expect(eventSumTail(3076, [many])).toBeCloseTo(0.0497, 3);
  expect(eventSumTail(3000, [many])).toBeCloseTo(0.504, 2);
  expect(eventSumTail(10_000, [many])).toBe(0);
});

test('disjoint categories that lie between each other drift, though pooled rare ones look alike', () => {
  const [before, now] = [1, 0].map((own) =>
    profileOf(Array.from({ length: 400 }, (_, i) => (i % 2 === own ? 3 : 0))),
  );
  expect(compareProfiles(before, now)).toMatchObject({ kind: 'unseen' });
  expect(compareProfiles(before, now)!.pValue).toBeLessThan(1e-20);
});

test('missing values and unseen categories are told apart, each with its share and its test', () => {
  const reference = cells([...repeat('a', 500), ...repeat('b', 500)]);
  const pair = (current: (string | null)[]) => ({ reference, current: cells(current) });
  const columns = [
    { column: 'same', pair: pair([...repeat('a', 480), ...repeat('b', 520)]) },
    {
      column: 'new',
      pair: pair([...repeat('a', 470), ...repeat('b', 490), ...repeat('c', 40)]),
    },
    {
      column: 'gone',
      pair: pair([...repeat('a', 450), ...repeat('b', 450), ...repeat(null, 100)]),
    },
  ];
  const [same, added, gone] = compare(columns).columns;
  expect(same.shares).toEqual([]);
  expect(added.shares).toMatchObject([{ of: 'unseen_categories', current: 0.04, drifted: true }]);
  expect(added.shares[0].reference).toBeCloseTo(0, 9);
  expect(added.shares[0].interval[0]).toBeGreaterThan(0.02);
  expect(gone.shares).toMatchObject([
    { of: 'missing_values', reference: 0, current: 0.1, difference: 0.1, drifted: true },
  ]);
});

test('a column that is lost is drift of the schema, a new one is told', () => {
  const pair = { reference: cells(repeat('a', 50)), current: cells(repeat('a', 50)) };
  const columns = [{ column: 'kept', pair }];
  expect(compare(columns).dataset).toMatchObject({ drifted: false, share: 0 });
  const schema = { missing: ['lost'], added: ['new'], retyped: [] };
  const told = compare(columns, schema);
  expect(told.dataset).toMatchObject({ drifted: true, share: 0.5 });
  expect(told.schema).toEqual(schema);
  expect(compare([], schema).dataset).toMatchObject({ drifted: true, share: 1 });
});

test('fifty constant values are unchanged, three are too few, and what is all missing tells nothing', () => {
  const constant = (n: number) => profileOfNumbers(new Float64Array(n).fill(7));
  expect(compareProfiles(constant(50), constant(50))).toMatchObject({ pValue: 1 });
  expect(compareProfiles(profileOf([50]), profileOf([60]))).toMatchObject({ pValue: 1 });
  expect(compareProfiles(constant(3), constant(50))).toBeNull();
  const missing = profileOf([0], { missing: 50 });
  expect(compareProfiles(missing, missing)).toBeNull();
});
