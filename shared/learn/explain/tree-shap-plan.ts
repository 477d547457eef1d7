import { type ExplainedTrees, type Players, shareOf, treeEnd } from './explained-trees.ts';
import { gaussLegendre, type Quadrature } from './gauss-legendre.ts';

/** One tree made ready for `createTreeShap`: all that no row changes. Nodes count from its root. */
export type PlannedTree = {
  /** The root's number among all nodes of the ensemble. */
  root: number;
  nodes: number;
  /** Points of the quadrature: half of the most players on one path. */
  size: number;
  /** Nodes with children, parents first. */
  inner: Int32Array;
  /** Children; -1 in leaves. */
  left: Int32Array;
  right: Int32Array;
  /** By inner node: the deepest node at or above it that its own player led to; the root where none. */
  previous: Int32Array;
  /** By node but the root: whose decision led to it. */
  player: Int32Array;
  value: Float64Array;
  /**
   * By node, state and point: the factor that the node puts on its parent's product, then the weight
   * of the node's sum in its player's contribution. State 0: the row follows the player to here; 1:
   * it parts from it here; 2: it parted above.
   */
  blocks: Float64Array;
};

/** A node's share of its player's cover, and the player's last node above (0, the root: none). */
type Edges = { share: Float64Array; above: Int32Array; mostPlayers: number };

export function planTree(
  trees: ExplainedTrees,
  { cover, players, tree }: { cover: ArrayLike<number>; players: Players; tree: number },
): PlannedTree {
  const root = trees.roots[tree];
  const end = treeEnd(trees, tree);
  const within = (children: Int32Array) =>
    children.slice(root, end).map((child, i) => (trees.feature[root + i] < 0 ? -1 : child - root));
  const nodes = end - root;
  const shape = { root, nodes, left: within(trees.left), right: within(trees.right) };
  const inner = Int32Array.from({ length: nodes }, (_, node) => node).filter(
    (node) => shape.left[node] >= 0,
  );
  const player = new Int32Array(nodes).fill(-1);
  for (const node of inner)
    for (const child of [shape.left[node], shape.right[node]])
      player[child] = players.ofColumn[trees.feature[root + node]];
  const previous = new Int32Array(nodes);
  const edges = walkEdges({ ...shape, inner, player, previous }, cover);
  const size = Math.max(1, Math.ceil(edges.mostPlayers / 2));
  const value = Float64Array.from(trees.value.subarray(root, end));
  return { ...shape, size, inner, previous, player, value, blocks: blocksOf(edges, nodes, size) };
}

type Shape = Pick<
  PlannedTree,
  'root' | 'nodes' | 'inner' | 'left' | 'right' | 'player' | 'previous'
>;

/** Fills `previous`. Parents come first, so what lies above a node is known when it is met. */
function walkEdges(shape: Shape, cover: ArrayLike<number>): Edges {
  const { root, nodes, inner, left, right, player, previous } = shape;
  const edges = { share: new Float64Array(nodes).fill(1), above: new Int32Array(nodes) };
  const lastOf = new Map<number, Map<number, number>>([[0, new Map()]]);
  let mostPlayers = 0;
  for (const node of inner) {
    const path = lastOf.get(node)!;
    previous[node] = path.get(player[left[node]]) ?? 0;
    for (const child of [left[node], right[node]]) {
      edges.above[child] = previous[node];
      const share = shareOf(cover, root + node, root + child);
      edges.share[child] = share * edges.share[previous[node]];
      const below = new Map(path).set(player[child], child);
      mostPlayers = Math.max(mostPlayers, below.size);
      lastOf.set(child, below);
    }
    lastOf.delete(node);
  }
  return { ...edges, mostPlayers };
}

function blocksOf({ share, above }: Edges, nodes: number, size: number): Float64Array {
  const blocks = new Float64Array(nodes * 6 * size);
  const rule = gaussLegendre(size);
  for (let node = 1; node < nodes; node++)
    for (let q = 0; q < size; q++) {
      const terms = termsAt(rule, q, { share: share[node], before: share[above[node]] });
      terms.forEach(([factor, weight], state) => {
        const at = (3 * node + state) * 2 * size + q;
        blocks[at] = factor;
        blocks[at + size] = weight;
      });
    }
  return blocks;
}

/**
 * Factor and weight of a node in each state at one point t. A player's term in the product is
 * z (1 - t) + o t; the node replaces the term of the player's last node above, which is 1 for z = 1
 * and o = 1, as the root stands for.
 */
function termsAt(
  { points, weights }: Quadrature,
  q: number,
  { share, before }: { share: number; before: number },
): [factor: number, weight: number][] {
  const [t, weight] = [points[q], weights[q]];
  const term = share * (1 - t) + t;
  const termBefore = before * (1 - t) + t;
  const rate = (weight * (1 - share)) / term;
  const rateBefore = (weight * (1 - before)) / termBefore;
  const rateOut = -weight / (1 - t);
  return [
    [term / termBefore, rate - rateBefore],
    [(share * (1 - t)) / termBefore, rateOut - rateBefore],
    [before > 0 ? share / before : 0, 0],
  ];
}
