import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import { drawnShares } from './drawn-shares.ts';
import { exponentialShares } from './exponential-shares.ts';
import { linkedShap } from './linked-shap.ts';
import { logistic, logisticShares } from './logistic-shares.ts';
import type { MarginShap } from './margin-shap.ts';
import { addTermShares, type PairTerms, shareTable } from './pair-terms.ts';
import { tabledShares } from './term-shares.ts';

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));

/** Shapley's formula over all coalitions, as bits. */
function naiveShares(players: number, worthOf: (coalition: number) => number): number[] {
  const worths = Array.from({ length: 1 << players }, (_, s) => worthOf(s));
  return Array.from({ length: players }, (_, player) =>
    worths.reduce((sum, worth, s) => {
      if ((s >> player) & 1) return sum;
      const size = [...Array(players).keys()].filter((p) => (s >> p) & 1).length;
      const weight = (factorial(size) * factorial(players - size - 1)) / factorial(players);
      return sum + weight * (worths[s | (1 << player)] - worth);
    }, 0),
  );
}

const marginOf = (base: number, moves: ArrayLike<number>, coalition: number): number =>
  Array.from(moves).reduce((sum, move, p) => sum + ((coalition >> p) & 1 ? move : 0), base);

const move = fc.double({ min: -4, max: 4, noNaN: true });
const additive = fc.record({ base: move, moves: fc.array(move, { minLength: 1, maxLength: 8 }) });

test('shares of a chance whose log odds are a sum are Shapley’s values to 1e-5', () => {
  fc.assert(
    fc.property(additive, ({ base, moves }) => {
      const shares = logisticShares({ base, moves: Float64Array.from(moves) });
      naiveShares(moves.length, (s) => logistic(marginOf(base, moves, s))).forEach((value, p) => {
        expect(Math.abs(shares[p] - value)).toBeLessThan(1e-5);
      });
    }),
    { numRuns: 40 },
  );
});

test('shares of the exponential of a sum are Shapley’s values', () => {
  fc.assert(
    fc.property(additive, ({ base, moves }) => {
      const shares = exponentialShares({ base, moves: Float64Array.from(moves) });
      const exact = naiveShares(moves.length, (s) => Math.exp(marginOf(base, moves, s)));
      const size = exact.reduce((most, value) => Math.max(most, Math.abs(value)), Math.exp(base));
      exact.forEach((value, p) => {
        expect(Math.abs(shares[p] - value)).toBeLessThanOrEqual(1e-10 * size);
      });
    }),
    { numRuns: 40 },
  );
});

test.each([1, 400])(
  'drawn orders share all that the players change, and come near Shapley’s values (margins x %i)',
  (scale) => {
    const base = Float64Array.of(0.2, -0.4, 0.9).map((margin) => scale * margin);
    const moves = Float64Array.from({ length: 12 }, (_, i) => scale * Math.sin(3 * i));
    const shares = drawnShares({ base, moves, output: 2 }, createRng(3));
    const shareAt = (s: number) => {
      const margins = Array.from(base, (own, k) =>
        marginOf(own, moves.subarray(4 * k, 4 * k + 4), s),
      );
      return 1 / margins.reduce((sum, margin) => sum + Math.exp(margin - margins[2]), 0);
    };
    const exact = naiveShares(4, shareAt);
    const all = shares.reduce((sum, share) => sum + share, 0);
    expect(all).toBeCloseTo(shareAt(15) - shareAt(0), 12);
    const most = exact.reduce((size, value) => Math.max(size, Math.abs(value)), 0);
    exact.forEach((value, p) => {
      expect(Math.abs(shares[p] - value)).toBeLessThan(0.25 * most);
    });
  },
);

/** Terms with one to four conditions each, over two margins. */
function drawnTerms(players: number, count: number): PairTerms {
  const rng = createRng(count);
  const start = [0];
  const conditions: number[] = [];
  for (let term = 0; term < count; term++) {
    const asked = new Set(
      Array.from({ length: 1 + (term % 4) }, () => Math.floor(rng() * players)),
    );
    for (const player of asked) conditions.push(2 * player + (rng() < 0.5 ? 1 : 0));
    start.push(conditions.length);
  }
  return {
    ...{ count, start: Int32Array.from(start), conditions: Int32Array.from(conditions) },
    value: Float64Array.from({ length: count }, () => normal(rng) / 4),
    output: Uint16Array.from({ length: count }, (_, term) => term % 2),
  };
}

function marginsOf(terms: PairTerms, coalition: number): Float64Array {
  const margins = new Float64Array(2);
  for (let term = 0; term < terms.count; term++) {
    const own = terms.conditions.subarray(terms.start[term], terms.start[term + 1]);
    const isIn = own.every(
      (condition) => ((coalition >> (condition >> 1)) & 1) !== (condition & 1),
    );
    if (isIn) margins[terms.output[term]] += terms.value[term];
  }
  return margins;
}

test('listed coalitions of terms give Shapley’s values of whatever the margins decide', () => {
  const terms = drawnTerms(6, 40);
  const worthOf = (margins: Float64Array) => logistic(margins[0]) * Math.cos(margins[1]);
  const shares = tabledShares({
    ...{ base: marginsOf(terms, 0), terms, players: 6, worthOf },
    bitOf: Int32Array.from({ length: 6 }, (_, player) => 1 << player),
  });
  naiveShares(6, (s) => worthOf(marginsOf(terms, s))).forEach((value, p) => {
    expect(shares[p]).toBeCloseTo(value, 10);
  });
});

test('of more players than are listed the contributions add up, and come near Shapley’s values', () => {
  const players = 13;
  const terms = drawnTerms(players, 120);
  const single = { ...terms, output: new Uint16Array(terms.count) };
  const marginAt = (s: number) => marginsOf(single, s)[0];
  const shares = shareTable(players);
  const margins: MarginShap = {
    ...{ outputs: 1, base: Float64Array.of(marginAt(0)) },
    addMoves(_, moves) {
      addTermShares(single, shares, moves);
      return single;
    },
  };
  const rows = { rows: 1, names: [], data: new Float32Array(0), categories: [] };
  const linked = { link: 'logistic', output: 1, scale: 1, shift: 0 } as const;
  const asked = { linked, players, rng: createRng(1) };
  const { base, contributions } = linkedShap(margins, { rows, row: 0 }, asked);
  const sum = contributions.reduce((total, value) => total + value, base);
  expect(sum).toBeCloseTo(logistic(marginAt(2 ** players - 1)), 10);
  const exact = naiveShares(players, (s) => logistic(marginAt(s)));
  const largest = exact.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  exact.forEach((value, p) => {
    expect(Math.abs(contributions[p] - value)).toBeLessThan(0.15 * largest);
  });
});

test.each(['logistic', 'exp'] as const)(
  'margins far out (%s) have finite contributions, of few players exact ones',
  (link) => {
    const own = [900, -650, 30];
    const margins: MarginShap = {
      ...{ outputs: 1, base: Float64Array.of(-1) },
      addMoves(_, moves) {
        moves.set(own);
        return null;
      },
    };
    const rows = { rows: 1, names: [], data: new Float32Array(0), categories: [] };
    const linked = { link, output: 1, scale: 1, shift: 0 };
    const asked = { linked, players: 3, rng: createRng(1) };
    const { contributions } = linkedShap(margins, { rows, row: 0 }, asked);
    const worthOf = (margin: number) =>
      link === 'exp' ? Math.exp(Math.min(88, margin)) : logistic(margin);
    const exact = naiveShares(3, (s) => worthOf(marginOf(-1, own, s)));
    const largest = Math.max(...exact.map(Math.abs));
    exact.forEach((value, p) => {
      expect((contributions[p] - value) / largest).toBeCloseTo(0, 10);
    });
  },
);

test.each([
  ['logistic', 1, true],
  ['exp', 1, true],
  ['logistic', 300, false],
  ['exp', 300, false],
] as const)(
  'of more players than are listed margins (%s, x %i) have finite contributions: exact is %s',
  (link, scale, isExact) => {
    const own = Array.from({ length: 12 }, (_, i) => scale * Math.sin(3 * i));
    const margins: MarginShap = {
      ...{ outputs: 1, base: Float64Array.of(-scale) },
      addMoves(_, moves) {
        moves.set(own);
        return null;
      },
    };
    const rows = { rows: 1, names: [], data: new Float32Array(0), categories: [] };
    const linked = { link, output: 1, scale: 1, shift: 0 };
    const asked = { linked, players: 12, rng: createRng(2) };
    const found = linkedShap(margins, { rows, row: 0 }, asked);
    expect(found.isExact).toBe(isExact);
    const worthOf = (margin: number) =>
      link === 'exp' ? Math.exp(Math.min(88, margin)) : logistic(margin);
    const exact = naiveShares(12, (s) => worthOf(marginOf(-scale, own, s)));
    const largest = Math.max(...exact.map(Math.abs));
    const size = Math.max(largest, worthOf(-scale));
    exact.forEach((value, p) => {
      const error = Math.abs(found.contributions[p] - value) / largest;
      expect(error).toBeLessThan(isExact ? 1e-4 : 0.4);
    });
    const sum = found.contributions.reduce((total, value) => total + value, found.base);
    const all = worthOf(marginOf(-scale, own, 2 ** 12 - 1));
    expect((sum - all) / size).toBeCloseTo(0, 10);
  },
);
