import { log } from '../../core/portable-math.ts';
import type { LearningData } from '../algorithm.ts';
import type { Parameters } from '../search/space.ts';
import { addStepTree, type StepFunction } from '../trees/step-tree.ts';
import { emptyNodes, finishNodes } from '../trees/tree-nodes.ts';
import type { TreesEstimator } from '../trees/trees-estimator.ts';
import { floatBelow, sortedValues } from './sorted-values.ts';

/**
 * ECOD (Li, Zhao, Hu, Botta, Ionescu and Chen 2022): per column -log of the share of rows at most
 * (left) and at least (right) as great; their sums over columns, and the sum of the tail that each
 * column is skewed to, are three scores of which the greatest counts; nats. COPOD (Li, Zhao, Botta,
 * Ionescu and Hu 2020) takes the greater of the skewed tail's sum and the mean of both tails'.
 * Reference: PyOD 2 ECOD, COPOD, which rank new rows among the training rows; here they are not
 * added, shares are steps that thin out towards the middle (every row in the outer 16, then each rank
 * a tenth further), and beyond all rows a tail holds half a row. A tree per column.
 * Cost: rows x columns x log rows.
 */
export function fitTailScore(data: LearningData, parameters: Parameters): TreesEstimator {
  const isCopula = parameters.method === 'copula';
  const nodes = emptyNodes(isCopula ? 2 : 3);
  for (let column = 0; column < data.matrix.names.length; column++) {
    const sorted = sortedValues(data, column);
    if (sorted.length > 0) addStepTree(nodes, tailSteps(sorted, { column, isCopula }));
  }
  return finishNodes(nodes, { factor: 1, link: 'max' });
}

function tailSteps(
  sorted: Float32Array,
  { column, isCopula }: { column: number; isCopula: boolean },
): StepFunction {
  const n = sorted.length;
  const cuts = cutsOf(sorted);
  const skewness = skewnessOf(sorted);
  const values: number[] = [];
  const counts = new Float64Array(cuts.length + 1);
  let atMost = 0;
  for (let step = 0; step <= cuts.length; step++) {
    const before = atMost;
    while (atMost < n && !(sorted[atMost] > cuts[step])) atMost++;
    counts[step] = atMost - before;
    const left = -log(Math.max(atMost, 0.5) / n);
    const right = -log(Math.max(n - before, 0.5) / n);
    const skewed = skewness < 0 ? left : right;
    values.push(...(isCopula ? [skewed, (left + right) / 2] : [left, right, skewed]));
  }
  return { column, cuts, values: Float64Array.from(values), counts };
}

const EXACT_RANKS = 16;
const GROWTH = 1.1;

/** Just below the least value, the greatest, and between values whose ranks are looked at. */
function cutsOf(sorted: Float32Array): Float32Array {
  const n = sorted.length;
  const ranks = new Set<number>();
  for (
    let rank = 1;
    rank <= n / 2;
    rank = rank < EXACT_RANKS ? rank + 1 : Math.ceil(rank * GROWTH)
  ) {
    ranks.add(rank);
    ranks.add(n - rank);
  }
  const cuts = [floatBelow(sorted[0]), sorted[n - 1]];
  for (const rank of ranks) {
    // The first boundary between different values from that rank on.
    let at = rank;
    while (at < n && sorted[at] === sorted[at - 1]) at++;
    if (at < n) cuts.push(sorted[at - 1]);
  }
  return Float32Array.from(cuts)
    .sort()
    .filter((cut, i, all) => i === 0 || cut > all[i - 1]);
}

function skewnessOf(values: Float32Array): number {
  let mean = 0;
  for (let i = 0; i < values.length; i++) mean += values[i] / values.length;
  let cubes = 0;
  for (let i = 0; i < values.length; i++) {
    const delta = values[i] - mean;
    cubes += delta * delta * delta;
  }
  return cubes;
}
