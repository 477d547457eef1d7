import type { Rng } from '../../core/rng.ts';
import { drawHypergeometric } from './deal.ts';

/** Cells that hold the same number of values. */
export type AlikeCells = { cells: number; count: number };

/**
 * Deals `given` values to one sample at random from cells that hold the same number each, and tells only how many cells
 * gave it none, one, two and so on: all there is to know where cells need not be told apart.
 *
 * Definition: a cell is `count` places. Of each place in turn, how many cells deal theirs is hypergeometric, and so is
 * how many of those had dealt a number of values before.
 * @param byDealt is written from `at` on, shape [count + 1]
 * Cost: count^2 / 2 draws, whatever the number of cells.
 */
export function dealAlike(
  { cells, count }: AlikeCells,
  { given, rng }: { given: number; rng: Rng },
  { byDealt, at }: { byDealt: Float64Array; at: number },
): void {
  byDealt.fill(0, at, at + count + 1);
  byDealt[at] = cells;
  let needed = given;
  for (let place = 0; place < count; place++) {
    const later = (count - place - 1) * cells;
    let here = drawHypergeometric({ marked: cells, unmarked: later, drawn: needed }, rng);
    needed -= here;
    let others = cells;
    for (let dealt = place; dealt >= 0; dealt--) {
      const among = byDealt[at + dealt];
      others -= among;
      const moved = drawHypergeometric({ marked: among, unmarked: others, drawn: here }, rng);
      byDealt[at + dealt] -= moved;
      byDealt[at + dealt + 1] += moved;
      here -= moved;
    }
  }
}
