import type { BinnedTree } from './binned-tree.ts';
import { type BinnedMatrix, takeFeatures } from './binning.ts';
import type { Monotone } from './bounded-splitting.ts';
import { finishTree } from './finish-tree.ts';
import { type Growth, growNodes } from './grow-nodes.ts';
import type { Histogram } from './histogram.ts';
import { createPartition } from './partition-rows.ts';
import type { GrowData, TreeOptions } from './tree-options.ts';

export type TreeGrower = { grow(data: GrowData): BinnedTree };

/**
 * Grows trees leaf by leaf: the leaf whose best split gains most is split next (Shi 2007; LightGBM,
 * Ke et al. 2017), until `maxLeaves` or nothing gains. Only the smaller child's histogram is
 * counted; its sibling's is the parent's less it. Buffers are reused from tree to tree.
 */
export function createTreeGrower(
  matrix: BinnedMatrix,
  order: Uint32Array,
  options: TreeOptions,
): TreeGrower {
  const partition = createPartition(order.length);
  const singles = { ...options, maxCategorySet: 1 };
  const scratch = new Float32Array(order.length);
  const pools: Pools = { plain: [], withHessians: [] };
  let hessianScratch = new Float32Array(0);
  return {
    grow(data) {
      const { rows = order, hessians, features } = data;
      if (hessians !== null && hessianScratch.length === 0)
        hessianScratch = new Float32Array(order.length);
      partition.rows.set(rows);
      const growth: Growth = {
        ...{ matrix: features ? takeFeatures(matrix, features) : matrix, whole: matrix },
        ...{ options, singles, partition, scratch, hessianScratch, data, count: rows.length },
        monotone: options.monotone ? takeMonotone(options.monotone, features) : null,
        pool: hessians === null ? pools.plain : pools.withHessians,
      };
      const nodes = growNodes(growth);
      for (const { histogram } of nodes) if (histogram) growth.pool.push(histogram);
      return finishTree(nodes, { options, data, rows: partition.rows, matrix });
    },
  };
}

const takeMonotone = (monotone: Monotone, features: Int32Array | undefined): Monotone =>
  features ? Int8Array.from(features, (f) => monotone[f]) : monotone;

type Pools = { plain: Histogram[]; withHessians: Histogram[] };
