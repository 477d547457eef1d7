import type { TreeNodes } from './tree-nodes.ts';

/**
 * Minimal cost-complexity pruning of the tree added last (Breiman, Friedman, Olshen and Stone 1984,
 * section 3.3; scikit-learn 1.2's `ccp_alpha`): of all its subtrees the smallest that minimises
 * impurity + ccpAlpha x leaves. A subtree is worth the impurity that its splits remove, less
 * `ccpAlpha` each; one that is worth nothing becomes a leaf. Cost: the tree's nodes.
 */
export function pruneTree(nodes: TreeNodes, ccpAlpha: number): void {
  const root = nodes.roots[nodes.roots.length - 1];
  const worth = new Float64Array(nodes.count - root);
  // Children come after their parents.
  for (let node = nodes.count - 1; node >= root; node--) {
    if (nodes.feature[node] < 0) continue;
    const below = worth[nodes.left[node] - root] + worth[nodes.right[node] - root];
    worth[node - root] = Math.max(0, nodes.gain[node] - ccpAlpha + below);
    if (worth[node - root] === 0) nodes.feature[node] = -1;
  }
  closeGaps(nodes, root);
}

/** Moves the nodes that can still be reached together, in their order. */
function closeGaps(nodes: TreeNodes, root: number): void {
  const moved = new Int32Array(nodes.count - root).fill(-1);
  moved[0] = root;
  let next = root + 1;
  for (let node = root; node < nodes.count; node++) {
    if (moved[node - root] < 0 || nodes.feature[node] < 0) continue;
    moved[nodes.left[node] - root] = 0;
    moved[nodes.right[node] - root] = 0;
  }
  for (let node = root + 1; node < nodes.count; node++)
    if (moved[node - root] === 0) moved[node - root] = next++;
  for (let node = root; node < nodes.count; node++) {
    const to = moved[node - root];
    if (to < 0) continue;
    for (const name of ['feature', 'threshold', 'missingLeft', 'cover', 'gain'] as const)
      nodes[name][to] = nodes[name][node];
    nodes.value.copyWithin(to * nodes.outputs, node * nodes.outputs, (node + 1) * nodes.outputs);
    const isInner = nodes.feature[to] >= 0;
    nodes.left[to] = isInner ? moved[nodes.left[node] - root] : 0;
    nodes.right[to] = isInner ? moved[nodes.right[node] - root] : 0;
  }
  nodes.count = next;
}
