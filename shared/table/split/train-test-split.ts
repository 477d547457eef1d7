import { fail, ok, type Result } from '../../core/result.ts';
import { type Rng, shuffle } from '../../core/rng.ts';
import { shareOut } from './class-counts.ts';
import { byFirstAppearance } from './k-fold.ts';
import { type Split, type SplitError, splitWhere } from './split.ts';

/** `testSize`: share of the rows (or groups) in the test part, rounded up; both parts get some. */
export type ShareOptions = { testSize: number; rng: Rng };

/** Rows drawn at random into the test part. Reference: scikit-learn 1.2 ShuffleSplit. */
export function shuffleSplit(
  rows: number,
  { testSize, rng }: ShareOptions,
): Result<Split, SplitError> {
  const drawn = testCount(rows, { testSize, of: 'rows' });
  if (!drawn.ok) return drawn;
  const order = shuffle(
    Uint32Array.from({ length: rows }, (_, row) => row),
    rng,
  );
  const isTest = marked(order.subarray(0, drawn.value), rows);
  return ok(splitWhere(rows, (row) => isTest[row] === 1));
}

/**
 * Rows drawn at random within each class, so that both parts have each class's share within one
 * row. A class's only row goes into the training part.
 * @param classes code by row
 * Reference: scikit-learn 1.2 StratifiedShuffleSplit, which refuses classes of one row.
 */
export function stratifiedShuffleSplit(
  classes: ArrayLike<number>,
  { testSize, rng }: ShareOptions,
): Result<Split, SplitError> {
  const drawn = testCount(classes.length, { testSize, of: 'rows' });
  if (!drawn.ok) return drawn;
  const { codes, counts } = byFirstAppearance(classes);
  const shares = shareOut(counts, drawn.value);
  const rowsOf: number[][] = counts.map(() => []);
  codes.forEach((code, row) => {
    rowsOf[code].push(row);
  });
  const isTest = new Uint8Array(classes.length);
  rowsOf.forEach((rows, code) => {
    const most = Math.min(shares[code], rows.length - 1);
    for (const row of shuffle(rows, rng).slice(0, most)) isTest[row] = 1;
  });
  return ok(splitWhere(classes.length, (row) => isTest[row] === 1));
}

/**
 * Whole groups drawn at random into the test part: `testSize` is a share of the groups.
 * @param groups any number per row; equal ones are one group
 * Reference: scikit-learn 1.2 GroupShuffleSplit.
 */
export function groupShuffleSplit(
  groups: ArrayLike<number>,
  { testSize, rng }: ShareOptions,
): Result<Split, SplitError> {
  const { codes, counts } = byFirstAppearance(groups);
  const drawn = testCount(counts.length, { testSize, of: 'groups' });
  if (!drawn.ok) return drawn;
  const order = shuffle(
    Uint32Array.from({ length: counts.length }, (_, group) => group),
    rng,
  );
  const isTest = marked(order.subarray(0, drawn.value), counts.length);
  return ok(splitWhere(codes.length, (row) => isTest[codes[row]] === 1));
}

/**
 * The newest rows are the test part. Of rows with the time at the border those later in the file
 * are tested, so the sizes are exact.
 * @param order time of each row
 */
export function timeSplit(
  order: ArrayLike<number>,
  { testSize }: Pick<ShareOptions, 'testSize'>,
): Result<Split, SplitError> {
  const drawn = testCount(order.length, { testSize, of: 'rows' });
  if (!drawn.ok) return drawn;
  const isTest = marked(oldestFirst(order).subarray(order.length - drawn.value), order.length);
  return ok(splitWhere(order.length, (row) => isTest[row] === 1));
}

/** Rows by time, ties in file order. */
export const oldestFirst = (order: ArrayLike<number>): Uint32Array =>
  Uint32Array.from({ length: order.length }, (_, row) => row).sort(
    (a, b) => order[a] - order[b] || a - b,
  );

function testCount(
  total: number,
  { testSize, of }: { testSize: number; of: 'rows' | 'groups' },
): Result<number, SplitError> {
  if (!(testSize > 0 && testSize < 1))
    throw new Error(`Broken invariant: test size ${testSize}, expected above 0 and below 1`);
  if (total < 2) return fail({ reason: 'too_few', of, found: total, needed: 2 });
  // 0.2 * 35 is 7.000000000000001: a share must not gain a row by rounding.
  return ok(Math.min(total - 1, Math.ceil(testSize * total - 1e-9)));
}

function marked(members: ArrayLike<number>, total: number): Uint8Array {
  const marks = new Uint8Array(total);
  for (let i = 0; i < members.length; i++) marks[members[i]] = 1;
  return marks;
}
