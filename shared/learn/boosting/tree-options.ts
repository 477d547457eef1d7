import type { Monotone } from './bounded-splitting.ts';
import type { LeafOptions, LeafValue } from './finish-tree.ts';
import type { HessianSplitOptions } from './hessian-splitting.ts';

export type TreeOptions = HessianSplitOptions &
  LeafOptions & {
    maxLeaves: number;
    /** Absent: answers may rise and fall with any feature. Needs hessians. */
    monotone?: Monotone;
    /** Splits from the root to a leaf; absent: as many as the leaves allow. */
    maxDepth?: number;
  };

/** What one tree is grown on. All but `rows` and `features` are by table row. */
export type GrowData = {
  gradients: Float32Array;
  /** Null: all 1, which is faster and knows no `l1` and no `minChildWeight`. */
  hessians: Float32Array | null;
  /** Leaf values are added to those of the rows grown on. */
  scores: Float32Array;
  /** Rows to grow on; absent: the grower's. At most as many. */
  rows?: Uint32Array;
  /** Features that the tree may use, ascending; absent: all. */
  features?: Int32Array;
  /** Draws the features that a node may be split on, 1 where it may; absent: all of the tree's. */
  drawAllowed?: (features: number) => Uint8Array;
  /** Absent: the Newton step -G / (H + l2). */
  leafValue?: LeafValue;
  /** Leaf values are multiplied by it too; absent: 1. */
  shrinkage?: number;
};
