import { type Rng, shuffle } from '../../core/rng.ts';
import { solveCholesky } from '../../stats/linear/cholesky.ts';
import { choose } from './choose.ts';

export type KernelShapOptions = {
  /** Who shares the credit. */
  players: number;
  /**
   * Mean prediction when the players marked 1 have the explained row's values and the others those of
   * background rows. @param coalitions row-major [count, players]
   */
  valuesOf(coalitions: Uint8Array, count: number): Float64Array;
  /** Coalitions to evaluate at most, besides the empty and the full one. */
  maxCoalitions: number;
  rng: Rng;
};

export type Shap = { base: number; contributions: Float64Array };

/**
 * Meaning: how much each player moved a prediction from the mean over background rows, for any model.
 * Definition: Shapley values of the interventional game, as the least-squares solution under the
 * Shapley kernel that meets base + sum = prediction (Lundberg and Lee 2017, theorem 2). Coalitions
 * are taken in whole sizes while they fit the budget, the smallest and largest first; of the
 * remaining sizes some are drawn, each with its complement (Covert and Lee 2021). With all of them
 * it is exact. Reference: shap's KernelExplainer.
 */
export function kernelShap(options: KernelShapOptions): Shap {
  const { players, valuesOf } = options;
  const ends = new Uint8Array(2 * players).fill(1, players);
  const [base, full] = valuesOf(ends, 2);
  if (players === 1) return { base, contributions: Float64Array.of(full - base) };
  const { members, weights } = coalitionsOf(options);
  const count = weights.length;
  const values = valuesOf(members, count);
  const contributions = solveWeighted({ players, members, weights, values, base, full });
  return { base, contributions };
}

type Coalitions = { members: Uint8Array; weights: Float64Array };

/** Kernel weight of all coalitions of a size together: (M - 1) / (size (M - size)). */
const sizeWeight = (players: number, size: number): number =>
  (players - 1) / (size * (players - size));

function coalitionsOf({ players, maxCoalitions, rng }: KernelShapOptions): Coalitions {
  const rows: Uint8Array[] = [];
  const weights: number[] = [];
  let size = 1;
  for (; size <= players / 2; size++) {
    const isMiddle = 2 * size === players;
    const ofSize = choose(players, size);
    if (rows.length + ofSize * (isMiddle ? 1 : 2) > maxCoalitions) break;
    const weight = sizeWeight(players, size) / ofSize;
    for (const subset of subsetsOf(players, size)) {
      rows.push(subset);
      weights.push(weight);
      if (isMiddle) continue;
      rows.push(complementOf(subset));
      weights.push(weight);
    }
  }
  if (size <= players / 2) drawRest({ players, size, maxCoalitions, rng }, rows, weights);
  const members = new Uint8Array(rows.length * players);
  rows.forEach((row, i) => {
    members.set(row, i * players);
  });
  return { members, weights: Float64Array.from(weights) };
}

type Rest = { players: number; size: number; maxCoalitions: number; rng: Rng };

/** Draws pairs of complements from the sizes from `size` to players - size. */
function drawRest(
  { players, size, maxCoalitions, rng }: Rest,
  rows: Uint8Array[],
  weights: number[],
): void {
  const sizes = Array.from({ length: players - 2 * size + 1 }, (_, i) => size + i);
  const shares = sizes.map((s) => sizeWeight(players, s));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const pairs = Math.max(1, Math.floor((maxCoalitions - rows.length) / 2));
  const order = Uint16Array.from({ length: players }, (_, player) => player);
  for (let pair = 0; pair < pairs; pair++) {
    let left = rng() * total;
    let at = 0;
    while (at < sizes.length - 1 && left > shares[at]) left -= shares[at++];
    shuffle(order, rng);
    const subset = new Uint8Array(players);
    for (const player of order.subarray(0, sizes[at])) subset[player] = 1;
    rows.push(subset, complementOf(subset));
    weights.push(total / (2 * pairs), total / (2 * pairs));
  }
}

const complementOf = (subset: Uint8Array): Uint8Array => subset.map((member) => 1 - member);

function* subsetsOf(players: number, size: number): Generator<Uint8Array> {
  const chosen = Array.from({ length: size }, (_, i) => i);
  for (;;) {
    const subset = new Uint8Array(players);
    for (const player of chosen) subset[player] = 1;
    yield subset;
    let at = size - 1;
    while (at >= 0 && chosen[at] === players - size + at) at--;
    if (at < 0) return;
    chosen[at]++;
    for (let i = at + 1; i < size; i++) chosen[i] = chosen[i - 1] + 1;
  }
}

type Weighted = Coalitions & { players: number; values: Float64Array; base: number; full: number };

/** The last player's contribution is what the others leave of full - base. */
function solveWeighted({ players, members, weights, values, base, full }: Weighted): Float64Array {
  const free = players - 1;
  const system = new Float64Array(free * free);
  const right = new Float64Array(free);
  const row = new Float64Array(free);
  for (let c = 0; c < weights.length; c++) {
    const last = members[c * players + free];
    for (let j = 0; j < free; j++) row[j] = members[c * players + j] - last;
    const wanted = values[c] - base - last * (full - base);
    for (let i = 0; i < free; i++) {
      if (row[i] === 0) continue;
      right[i] += weights[c] * row[i] * wanted;
      for (let j = 0; j <= i; j++) system[i * free + j] += weights[c] * row[i] * row[j];
    }
  }
  // Few drawn coalitions may leave a player untried: a trace of ridge decides for nothing then.
  const trace = system.reduce((sum, value, at) => (at % (free + 1) === 0 ? sum + value : sum), 0);
  for (let i = 0; i < free; i++) system[i * free + i] += 1e-10 * (trace / free);
  const solution = solveCholesky(system, right);
  if (solution === null) throw new Error('Broken invariant: the Shapley kernel is singular');
  const contributions = new Float64Array(players);
  contributions.set(solution);
  contributions[free] = full - base - solution.reduce((sum, value) => sum + value, 0);
  return contributions;
}
