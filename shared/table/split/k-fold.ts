import { fail, ok, type Result } from '../../core/result.ts';
import { type Rng, shuffle } from '../../core/rng.ts';
import { countCodes } from './class-counts.ts';
import type { SplitError } from './split.ts';

/** `nSplits`: from 2 to 255. `rng`: shuffles first; null: rows stay in their order. */
export type FoldOptions = { nSplits: number; rng: Rng | null };

/**
 * The fold of each row, of nearly equal sizes: the first (rows mod nSplits) folds have one row more.
 * Without an rng folds are blocks of rows. Reference: scikit-learn 1.2 KFold.
 */
export function kFold(rows: number, { nSplits, rng }: FoldOptions): Result<Uint8Array, SplitError> {
  checkFolds(nSplits);
  if (rows < nSplits) return fail({ reason: 'too_few', of: 'rows', found: rows, needed: nSplits });
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  if (rng) shuffle(order, rng);
  const foldOf = new Uint8Array(rows);
  let at = 0;
  for (let fold = 0; fold < nSplits; fold++) {
    const size = Math.floor(rows / nSplits) + (fold < rows % nSplits ? 1 : 0);
    for (let i = 0; i < size; i++) foldOf[order[at++]] = fold;
  }
  return ok(foldOf);
}

/**
 * The fold of each row, such that every fold has each class's share of the rows, within one row.
 * Fails when no class has `nSplits` rows; a smaller class is missing from some folds.
 * @param classes code 0, 1, ... by row
 * Cost: rows. Reference: scikit-learn 1.2 StratifiedKFold, row for row where `rng` is null.
 */
export function stratifiedKFold(
  classes: ArrayLike<number>,
  { nSplits, rng }: FoldOptions,
): Result<Uint8Array, SplitError> {
  checkFolds(nSplits);
  const { codes, counts } = byFirstAppearance(classes);
  const found = Math.max(0, ...counts);
  if (found < nSplits)
    return fail({ reason: 'too_few', of: 'rows of a class', found, needed: nSplits });
  const turns = foldTurns(counts, nSplits).map((folds) => (rng ? shuffle(folds, rng) : folds));
  const taken = new Uint32Array(counts.length);
  return ok(Uint8Array.from(codes, (code) => turns[code][taken[code]++]));
}

/**
 * Stratified folds drawn anew `nRepeats` times: 5 x 2 is `nSplits` 2, `nRepeats` 5.
 * Reference: scikit-learn 1.2 RepeatedStratifiedKFold.
 */
export function repeatedStratifiedKFold(
  classes: ArrayLike<number>,
  { nSplits, nRepeats, rng }: { nSplits: number; nRepeats: number; rng: Rng },
): Result<Uint8Array[], SplitError> {
  const repeats: Uint8Array[] = [];
  for (let repeat = 0; repeat < nRepeats; repeat++) {
    const foldOf = stratifiedKFold(classes, { nSplits, rng });
    if (!foldOf.ok) return foldOf;
    repeats.push(foldOf.value);
  }
  return ok(repeats);
}

/**
 * The fold of each row, such that no group is in two folds and folds are of about the same size:
 * the largest group goes into the lightest fold, and so on; of equal ones the greater number first.
 * @param groups any number per row; equal ones are one group
 * Cost: rows + groups log groups. Reference: scikit-learn 1.2 GroupKFold.
 */
export function groupKFold(
  groups: ArrayLike<number>,
  nSplits: number,
): Result<Uint8Array, SplitError> {
  checkFolds(nSplits);
  const { codes, counts, values } = byFirstAppearance(groups);
  if (counts.length < nSplits)
    return fail({ reason: 'too_few', of: 'groups', found: counts.length, needed: nSplits });
  const largestFirst = counts
    .map((_, group) => group)
    .sort((a, b) => counts[b] - counts[a] || values[b] - values[a]);
  const weights = new Float64Array(nSplits);
  const foldOfGroup = new Uint8Array(counts.length);
  for (const group of largestFirst) {
    const lightest = weights.indexOf(Math.min(...weights));
    weights[lightest] += counts[group];
    foldOfGroup[group] = lightest;
  }
  return ok(Uint8Array.from(codes, (code) => foldOfGroup[code]));
}

/** As `groupKFold`, groups of equal size in an order drawn by `rng`; null: the greater number first. */
export function shuffledGroupKFold(
  groups: ArrayLike<number>,
  { nSplits, rng }: FoldOptions,
): Result<Uint8Array, SplitError> {
  if (rng === null) return groupKFold(groups, nSplits);
  const { codes, counts } = byFirstAppearance(groups);
  const nameOf = shuffle(
    counts.map((_, group) => group),
    rng,
  );
  return groupKFold(
    codes.map((code) => nameOf[code]),
    nSplits,
  );
}

function checkFolds(nSplits: number): void {
  if (!Number.isInteger(nSplits) || nSplits < 2 || nSplits > 255)
    throw new Error(`Broken invariant: ${nSplits} folds, expected 2 to 255`);
}

/** Folds of a class's rows in turn, from what each fold gets of the sorted classes. */
function foldTurns(counts: readonly number[], nSplits: number): Uint8Array[] {
  let from = 0;
  return counts.map((count) => {
    const allocation = countCodes(
      Array.from({ length: count }, (_, i) => (from + i) % nSplits),
      nSplits,
    );
    from += count;
    const turns = new Uint8Array(count);
    let at = 0;
    allocation.forEach((size, fold) => {
      turns.fill(fold, at, at + size);
      at += size;
    });
    return turns;
  });
}

/** Codes in the order in which values first occur, so that the folds do not depend on their names. */
export function byFirstAppearance(values: ArrayLike<number>): {
  codes: Uint32Array;
  counts: number[];
  values: number[];
} {
  const codeOf = new Map<number, number>();
  const counts: number[] = [];
  const codes = Uint32Array.from(values, (value) => {
    const code = codeOf.get(value) ?? codeOf.size;
    codeOf.set(value, code);
    counts[code] = (counts[code] ?? 0) + 1;
    return code;
  });
  return { codes, counts, values: [...codeOf.keys()] };
}
