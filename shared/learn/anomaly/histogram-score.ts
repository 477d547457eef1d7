import { log } from '../../core/portable-math.ts';
import type { LearningData } from '../algorithm.ts';
import type { Parameters } from '../search/space.ts';
import { addStepTree, type StepFunction } from '../trees/step-tree.ts';
import { emptyNodes, finishNodes } from '../trees/tree-nodes.ts';
import type { TreesEstimator } from '../trees/trees-estimator.ts';
import { floatBelow, sortedValues } from './sorted-values.ts';

/**
 * Histogram-based outlier score (Goldstein and Dengel 2012): the sum over columns of -log of the
 * height of a row's bin, the highest bin of a column being 1; nats. `static` bins are equally wide,
 * `dynamic` ones hold equally many rows. An empty bin, and what lies outside, counts as half a row.
 * A tree per column. Cost: rows x columns x log rows.
 */
export function fitHistogramScore(data: LearningData, parameters: Parameters): TreesEstimator {
  const nodes = emptyNodes(1);
  for (let column = 0; column < data.matrix.names.length; column++) {
    const sorted = sortedValues(data, column);
    if (sorted.length === 0) continue;
    const edges =
      parameters.bins === 'static'
        ? evenEdges(sorted, Number(parameters.nBins))
        : fullEdges(sorted, Number(parameters.nBins));
    addStepTree(nodes, heightSteps(sorted, edges, column));
  }
  return finishNodes(nodes, { factor: 1, link: 'identity' });
}

/** Ends of equally wide bins, the least value first. */
function evenEdges(sorted: Float32Array, bins: number): Float32Array {
  const low = sorted[0];
  const high = sorted[sorted.length - 1];
  const edges = Float32Array.from({ length: bins + 1 }, (_, i) => low + (i / bins) * (high - low));
  edges[bins] = high;
  return distinct(edges);
}

/** Ends of bins of about equally many values. */
function fullEdges(sorted: Float32Array, bins: number): Float32Array {
  const last = sorted.length - 1;
  return distinct(
    Float32Array.from({ length: bins + 1 }, (_, i) => sorted[Math.round((i / bins) * last)]),
  );
}

const distinct = (ascending: Float32Array): Float32Array =>
  ascending.filter((value, i) => i === 0 || value > ascending[i - 1]);

/** Steps: below the least value, the bins, above the greatest. */
function heightSteps(sorted: Float32Array, edges: Float32Array, column: number): StepFunction {
  const isConstant = edges.length === 1;
  const cuts = Float32Array.from([floatBelow(edges[0]), ...edges.slice(isConstant ? 0 : 1)]);
  const counts = new Float64Array(cuts.length + 1);
  let step = 0;
  for (let i = 0; i < sorted.length; i++) {
    while (step < cuts.length && sorted[i] > cuts[step]) step++;
    counts[step]++;
  }
  const range = isConstant ? 1 : edges[edges.length - 1] - edges[0];
  const least = (0.5 * (cuts.length - 1)) / range;
  const heights = counts.map((count, i) => {
    if (count === 0) return least;
    return Math.max(least, count / (isConstant ? 1 : edges[i] - edges[i - 1]));
  });
  const tallest = heights.reduce((most, height) => Math.max(most, height), 0);
  return { column, cuts, counts, values: heights.map((height) => -log(height / tallest)) };
}
