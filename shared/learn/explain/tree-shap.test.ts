import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng, normal, type Rng } from '../../core/rng.ts';
import {
  columnPlayers,
  countCover,
  type EncodedRows,
  type ExplainedTrees,
  followsLeft,
  inputPlayers,
  type Players,
  shareOf,
} from './explained-trees.ts';
import { gaussLegendre } from './gauss-legendre.ts';
import { createInterventionalShap } from './interventional-shap.ts';
import { createTreeShap, type TreeShap } from './tree-shap.ts';

const WIDTH = 4;

function randomRows(rng: Rng, rows: number): EncodedRows {
  const data = Float64Array.from({ length: rows * WIDTH }, () =>
    rng() < 0.1 ? Number.NaN : Math.round(normal(rng) * 2) / 2,
  );
  return { data, rows, width: WIDTH };
}

/** Trees of random splits; the same column often comes twice on a path. */
function randomTrees(rng: Rng, { trees, leaves }: { trees: number; leaves: number }) {
  const nodes = trees * (2 * leaves - 1);
  const made: ExplainedTrees & { roots: number[] } = {
    base: normal(rng),
    roots: [],
    feature: new Int32Array(nodes).fill(-1),
    threshold: new Float64Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    missingLeft: new Uint8Array(nodes),
    value: Float64Array.from({ length: nodes }, () => normal(rng)),
  };
  for (let tree = 0, next = 0; tree < trees; tree++) {
    const open = [next];
    made.roots.push(next++);
    for (let leaf = 1; leaf < leaves; leaf++) {
      const [node] = open.splice(Math.floor(rng() * open.length), 1);
      made.feature[node] = Math.floor(rng() * WIDTH);
      made.threshold[node] = Math.round(normal(rng) * 2) / 2;
      made.missingLeft[node] = rng() < 0.5 ? 1 : 0;
      open.push(next, next + 1);
      made.left[node] = next++;
      made.right[node] = next++;
    }
  }
  return made;
}

/** A game: what a coalition of players (a bit each) is worth. */
type Game = (coalition: number) => number;

/** Shapley values by their definition: every player joining every coalition. */
function shapleyValues(game: Game, players: number): number[] {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  return Array.from({ length: players }, (_, player) => {
    let sum = 0;
    for (let coalition = 0; coalition < 2 ** players; coalition++) {
      if (coalition & (1 << player)) continue;
      const size = coalition.toString(2).replaceAll('0', '').length;
      const weight = (factorial(size) * factorial(players - size - 1)) / factorial(players);
      sum += weight * (game(coalition | (1 << player)) - game(coalition));
    }
    return sum;
  });
}

type Problem = { trees: ExplainedTrees; players: Players; row: ArrayLike<number> };

/** Worth in the path-dependent game, by walking the trees (Lundberg 2018, algorithm 1). */
const pathGame =
  ({ trees, players, row }: Problem, cover: ArrayLike<number>): Game =>
  (coalition) => {
    const at = (node: number): number => {
      const column = trees.feature[node];
      if (column < 0) return trees.value[node];
      const [left, right] = [trees.left[node], trees.right[node]];
      if (coalition & (1 << players.ofColumn[column]))
        return at(followsLeft(trees, node, row[column]) ? left : right);
      const share = shareOf(cover, node, left);
      return share * at(left) + (1 - share) * at(right);
    };
    return Array.from(trees.roots).reduce((sum, root) => sum + at(root), trees.base);
  };

/** Worth in the interventional game: the mean prediction of background rows with the row's values. */
const backgroundGame =
  ({ trees, players, row }: Problem, background: EncodedRows): Game =>
  (coalition) => {
    let sum = 0;
    for (let other = 0; other < background.rows; other++) {
      const mixed = Array.from(row, (x, column) =>
        coalition & (1 << players.ofColumn[column]) ? x : background.data[other * WIDTH + column],
      );
      sum += pathGame({ trees, players, row: mixed }, [])(2 ** players.count - 1);
    }
    return sum / background.rows;
  };

function expectGame(shap: TreeShap, { players, row }: Problem, game: Game): void {
  const found = shap.explain({ data: Float64Array.from(row), rows: 1, width: WIDTH });
  shapleyValues(game, players.count).forEach((value, player) => {
    expect(found[player]).toBeCloseTo(value, 10);
  });
  expect(shap.expected).toBeCloseTo(game(0), 10);
  const total = found.reduce((sum, value) => sum + value, shap.expected);
  expect(total).toBeCloseTo(game(2 ** players.count - 1), 10);
}

const problems = fc.record({
  seed: fc.nat(1_000_000),
  leaves: fc.integer({ min: 1, max: 12 }),
  coverRows: fc.integer({ min: 1, max: 60 }),
  players: fc.constantFrom(
    columnPlayers(WIDTH),
    inputPlayers({
      numbers: ['a', 'b'],
      categories: [{ name: 'c', levels: ['x', ''] }],
    }),
  ),
});

test('path-dependent values are the Shapley values of every coalition tried', () => {
  fc.assert(
    fc.property(problems, ({ seed, leaves, coverRows, players }) => {
      const rng = createRng(seed);
      const trees = randomTrees(rng, { trees: 2, leaves });
      const cover = countCover(trees, randomRows(rng, coverRows));
      const problem = { trees, players, row: randomRows(rng, 1).data };
      expectGame(createTreeShap(trees, cover, players), problem, pathGame(problem, cover));
    }),
    { numRuns: 200 },
  );
});

test('interventional values are the Shapley values of every coalition tried', () => {
  fc.assert(
    fc.property(problems, ({ seed, leaves, coverRows, players }) => {
      const rng = createRng(seed);
      const trees = randomTrees(rng, { trees: 2, leaves });
      const background = randomRows(rng, 1 + (coverRows % 5));
      const problem = { trees, players, row: randomRows(rng, 1).data };
      const shap = createInterventionalShap(trees, background, players);
      expectGame(shap, problem, backgroundGame(problem, background));
    }),
    { numRuns: 100 },
  );
});

test('many rows at once get what each gets alone', () => {
  const rng = createRng(5);
  const trees = randomTrees(rng, { trees: 3, leaves: 9 });
  const rows = randomRows(rng, 20);
  const shap = createTreeShap(trees, countCover(trees, rows), columnPlayers(WIDTH));
  const together = shap.explain(rows);
  for (let row = 0; row < rows.rows; row++) {
    const data = rows.data.slice(row * WIDTH, (row + 1) * WIDTH);
    const alone = shap.explain({ data, rows: 1, width: WIDTH });
    expect([...together.slice(row * WIDTH, (row + 1) * WIDTH)]).toEqual([...alone]);
  }
});

test('of the trees of one output among several, the others change nothing', () => {
  const rng = createRng(6);
  const trees = randomTrees(rng, { trees: 4, leaves: 7 });
  const rows = randomRows(rng, 10);
  const cover = countCover(trees, rows);
  const valuesOf = (roots: number[]) =>
    createTreeShap({ ...trees, roots }, cover, columnPlayers(WIDTH)).explain(rows);
  const [first, third] = [valuesOf([trees.roots[0]]), valuesOf([trees.roots[2]])];
  const both = valuesOf([trees.roots[0], trees.roots[2]]);
  both.forEach((value, i) => {
    expect(value).toBeCloseTo(first[i] + third[i], 12);
  });
  const rest = valuesOf([trees.roots[1], trees.roots[3]]);
  valuesOf([...trees.roots]).forEach((value, i) => {
    expect(value).toBeCloseTo(both[i] + rest[i], 12);
  });
});

test('cover counts the rows that reach a node', () => {
  const rng = createRng(7);
  const trees = randomTrees(rng, { trees: 2, leaves: 8 });
  const cover = countCover(trees, randomRows(rng, 40));
  for (const root of trees.roots) expect(cover[root]).toBe(40);
  trees.feature.forEach((feature, node) => {
    if (feature >= 0) expect(cover[trees.left[node]] + cover[trees.right[node]]).toBe(cover[node]);
  });
});

test('no background rows are refused', () => {
  const trees = randomTrees(createRng(1), { trees: 1, leaves: 2 });
  const none = { data: new Float64Array(0), rows: 0, width: WIDTH };
  expect(() => createInterventionalShap(trees, none, columnPlayers(WIDTH))).toThrow('background');
});

test('a rule of n points integrates powers up to 2 n - 1 without error', () => {
  for (let size = 1; size <= 16; size++) {
    const { points, weights } = gaussLegendre(size);
    for (let power = 0; power < 2 * size; power++) {
      const sum = points.reduce((total, point, i) => total + weights[i] * point ** power, 0);
      expect(sum).toBeCloseTo(1 / (power + 1), 13);
    }
  }
});
