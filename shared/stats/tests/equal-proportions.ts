import type { Rng } from '../../core/rng.ts';
import { chiSquareSurvival } from '../distributions/chi-square.ts';
import { fisherExact, type Proportion } from './counts.ts';

export type EqualProportions = {
  pValue: number;
  /** What p is by: the law of many rows, all tables that could have been, or a sample of these. */
  method: 'chi-square' | 'fisher' | 'fisher-freeman-halton' | 'permutation';
};

/** Below this expected count in any cell the chi-square law does not hold (Cochran 1954). */
const MIN_EXPECTED = 5;
/** Tables that are looked at one by one; where there are more, some are drawn. */
const MOST_TABLES = 100_000;
const DRAWS = 9999;
const LEAST_DRAWS = 199;
/** Rows drawn over all draws. */
const MOST_ROWS_DRAWN = 4e6;
/** Tables as likely as the one seen but for rounding count as no likelier. */
const AS_LIKELY = 1e-7;

/**
 * Are the proportions of all groups one? Pearson's chi-square where 5 are expected in every cell; else the chance,
 * margins fixed, of a table no likelier than the one seen: Fisher's test of two groups, by all tables of more
 * (Freeman and Halton 1951), or by tables drawn at random, p (1 + no likelier) / (1 + drawn).
 * @param rng draws tables, where there are more than 100,000
 * @returns null with fewer than two groups that have rows; p 1 where nobody or everybody is an event
 * Cost: groups, and at most 4e6 rows drawn. Reference: R 4 fisher.test, scipy.stats 1.10.1 for two groups.
 */
export function equalProportions(
  given: readonly Proportion[],
  { rng }: { rng: Rng },
): EqualProportions | null {
  const groups = given.filter(({ n }) => n > 0);
  if (groups.length < 2) return null;
  let events = 0;
  let rows = 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (const group of groups) {
    events += group.events;
    rows += group.n;
    smallest = Math.min(smallest, group.n);
  }
  if (events === 0 || events === rows) return { pValue: 1, method: 'fisher-freeman-halton' };
  if ((smallest * Math.min(events, rows - events)) / rows >= MIN_EXPECTED)
    return { pValue: pearson(groups, events / rows), method: 'chi-square' };
  if (groups.length === 2)
    return { pValue: fisherExact(groups[0], groups[1])?.pValue ?? 1, method: 'fisher' };
  // Few of one kind are fewer to place; a table is as likely seen from either.
  const isRare = events <= rows - events;
  const placed = isRare ? events : rows - events;
  const cells = groups.map(({ events: inGroup, n }) => ({
    n,
    count: isRare ? inGroup : n - inGroup,
  }));
  return countTables(cells, placed) <= MOST_TABLES
    ? { pValue: byAllTables(cells, placed), method: 'fisher-freeman-halton' }
    : { pValue: byDrawnTables(cells, placed, rng), method: 'permutation' };
}

function pearson(groups: readonly Proportion[], share: number): number {
  let statistic = 0;
  for (const { events, n } of groups)
    statistic += (events - n * share) ** 2 / (n * share * (1 - share));
  return chiSquareSurvival(statistic, groups.length - 1);
}

type Cell = { n: number; count: number };

/** How many tables have these margins, or more than MOST_TABLES. */
function countTables(cells: readonly Cell[], placed: number): number {
  const sizes = cells.map(({ n }) => Math.min(n, placed)).sort((a, b) => a - b);
  let tables = 1;
  for (const size of sizes.slice(0, -1)) {
    tables *= size + 1;
    if (tables > MOST_TABLES) break;
  }
  return tables;
}

/** log(0!), log(1!), ... */
function logFactorials(most: number): Float64Array {
  const logs = new Float64Array(most + 1);
  for (let i = 2; i <= most; i++) logs[i] = logs[i - 1] + Math.log(i);
  return logs;
}

/** Freeman and Halton: the largest group takes what the others leave. */
function byAllTables(given: readonly Cell[], placed: number): number {
  const cells = [...given].sort((a, b) => a.n - b.n);
  const logs = logFactorials(cells.reduce((sum, { n }) => sum + n, 0));
  const choose = (n: number, k: number): number => logs[n] - logs[k] - logs[n - k];
  const seen = cells.reduce((sum, { n, count }) => sum + choose(n, count), 0) + AS_LIKELY;
  const rows = cells.reduce((sum, { n }) => sum + n, 0);
  const all = choose(rows, placed);
  const last = cells.length - 1;
  let chance = 0;
  const place = (at: number, left: number, log: number): void => {
    const { n } = cells[at];
    if (at === last) {
      if (left > n) return;
      const whole = log + choose(n, left);
      if (whole <= seen) chance += Math.exp(whole - all);
      return;
    }
    for (let k = Math.min(n, left); k >= 0; k--) place(at + 1, left - k, log + choose(n, k));
  };
  place(0, placed, 0);
  return Math.min(1, chance);
}

/** Events dealt to rows at random, again and again. */
function byDrawnTables(cells: readonly Cell[], placed: number, rng: Rng): number {
  const sizes = Int32Array.from(cells, ({ n }) => n);
  const rows = sizes.reduce((sum, n) => sum + n, 0);
  const urn = new Int32Array(rows);
  let at = 0;
  sizes.forEach((n, group) => {
    urn.fill(group, at, at + n);
    at += n;
  });
  const logs = Float64Array.from({ length: sizes.reduce((a, b) => Math.max(a, b)) + 1 }, (_, i) =>
    Math.log(i),
  );
  const counts = new Int32Array(sizes.length);
  const add = (group: number): number => {
    const k = counts[group]++;
    return logs[sizes[group] - k] - logs[k + 1];
  };
  let seen = AS_LIKELY;
  cells.forEach(({ count }, group) => {
    for (let k = 0; k < count; k++) seen += add(group);
  });
  const draws = Math.min(DRAWS, Math.max(LEAST_DRAWS, Math.floor(MOST_ROWS_DRAWN / placed)));
  let noLikelier = 1;
  for (let draw = 0; draw < draws; draw++) {
    counts.fill(0);
    let log = 0;
    for (let i = 0; i < placed; i++) {
      const j = i + Math.floor(rng() * (rows - i));
      const group = urn[j];
      urn[j] = urn[i];
      urn[i] = group;
      log += add(group);
    }
    if (log <= seen) noLikelier++;
  }
  return noLikelier / (1 + draws);
}
