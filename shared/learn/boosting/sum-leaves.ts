import { sumByMasks } from './leaf-masks.ts';
import { planLeafMasks } from './plan-leaf-masks.ts';
import { sumByWalking, type TreeWalk } from './tree-walk.ts';

/** Calls of fewer rows walk. */
const FEW_ROWS = 512;
/** What tabulating the masks costs, the first time uncompiled, is gained back after about as many. */
const ROWS_TO_TABULATE = 10_000;

/**
 * The sum of a leaf per tree, in tree order and float32, for each row. The trees are laid out as masks,
 * too, once many rows were asked for; no bit of the answers depends on it.
 * @param rows row-major; row i begins at i x stride
 * @param into one entry a row
 */
export function sumLeaves(
  walk: TreeWalk,
  rows: { data: Float32Array; stride: number },
  into: Float32Array,
): void {
  if (into.length >= FEW_ROWS) walk.rowsInBulk += into.length;
  if (walk.masks === undefined && walk.rowsInBulk >= ROWS_TO_TABULATE)
    walk.masks = planLeafMasks(walk);
  if (walk.masks && into.length >= FEW_ROWS) sumByMasks(walk.masks, rows, into);
  else sumByWalking(walk, rows, into);
}
