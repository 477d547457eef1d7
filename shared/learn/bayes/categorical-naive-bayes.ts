import { log } from '../../core/portable-math.ts';
import type { LearningData } from '../algorithm.ts';
import type { TreesEstimator } from '../trees/trees-estimator.ts';
import { total } from './bernoulli-naive-bayes.ts';
import { logPrior } from './class-sums.ts';
import { createTreeWriter, type TreeWriter } from './tree-writer.ts';

export type CategoricalOptions = {
  alpha: number;
  fitPrior: boolean;
  /** Ranges that a number is cut into, of about as many rows each; fewer where values repeat. */
  nBins: number;
};

/** A categorical variable made of the matrix: a one-hot block, or a number in ranges. */
type Variable =
  | { type: 'block'; start: number; categories: number }
  | { type: 'ranges'; column: number; edges: Float32Array; categories: number };

/**
 * Categorical naive Bayes: each category input, and each number cut at quantiles, has for each class
 * a chance per category, (count + alpha) / (rows + alpha categories). scikit-learn 1.2.1's
 * CategoricalNB after KBinsDiscretizer(strategy='quantile'). A one-hot block counts as one variable,
 * a row of zeros in it as one category more. Each variable is a small tree, exported as such.
 */
export function fitCategorical(
  data: LearningData,
  { alpha, fitPrior, nBins }: CategoricalOptions,
): TreesEstimator {
  const { classes, matrix, target, weights } = data;
  const weight = new Float64Array(classes);
  for (let row = 0; row < matrix.rows; row++)
    weight[target[row]] += weights === null ? 1 : weights[row];
  const writer = createTreeWriter(classes);
  for (const variable of variablesOf(data, nBins)) {
    const counts = countsOf(data, variable);
    const leaf = (category: number) => {
      const own = counts[category];
      const chances = own.map((count, k) =>
        log((count + alpha) / (weight[k] + alpha * variable.categories)),
      );
      return writer.leaf(chances, total(own));
    };
    writer.startTree();
    if (variable.type === 'block') writeBlock(writer, variable.start, { leaf, ...variable });
    else writeRanges(writer, variable, { leaf, from: 0, to: variable.categories - 1 });
  }
  return writer.finish(logPrior(weight, fitPrior));
}

function variablesOf(data: LearningData, nBins: number): Variable[] {
  const { matrix } = data;
  const inBlock = new Set<number>();
  const variables: Variable[] = matrix.categories.map(({ start, levels }) => {
    for (let level = 0; level < levels; level++) inBlock.add(start + level);
    return { type: 'block', start, categories: levels + 1 };
  });
  matrix.names.forEach((_, column) => {
    if (inBlock.has(column)) return;
    const edges = quantileEdges(data, column, nBins);
    variables.push({ type: 'ranges', column, edges, categories: edges.length + 1 });
  });
  return variables;
}

/**
 * Values that end a range, ascending; the last range has no end. Rows count by their weight, so that
 * a weight of 2 is a row twice.
 */
function quantileEdges(
  { matrix: { rows, names, data }, weights }: LearningData,
  column: number,
  nBins: number,
): Float32Array {
  const cellOf = (row: number) => data[row * names.length + column];
  const order = Uint32Array.from({ length: rows }, (_, row) => row).filter(
    (row) => weights === null || weights[row] > 0,
  );
  order.sort((a, b) => cellOf(a) - cellOf(b));
  const weightOf = (row: number) => (weights === null ? 1 : weights[row]);
  const all = order.reduce((sum, row) => sum + weightOf(row), 0);
  const last = cellOf(order[order.length - 1]);
  const edges: number[] = [];
  let passed = 0;
  let bin = 1;
  for (const row of order) {
    passed += weightOf(row);
    const value = cellOf(row);
    // A share of a sum of weights is not exact: what is within rounding has been reached.
    while (bin < nBins && passed >= ((bin * all) / nBins) * (1 - 1e-12)) {
      if (value < last && value !== edges.at(-1)) edges.push(value);
      bin++;
    }
  }
  return Float32Array.from(edges);
}

/** By category: the weight of each class. */
function countsOf({ matrix, target, weights, classes }: LearningData, variable: Variable) {
  const counts = Array.from({ length: variable.categories }, () =>
    new Array<number>(classes).fill(0),
  );
  const width = matrix.names.length;
  for (let row = 0; row < matrix.rows; row++) {
    const at = row * width;
    let category = 0;
    if (variable.type === 'ranges') {
      const value = matrix.data[at + variable.column];
      while (category < variable.edges.length && value > variable.edges[category]) category++;
    } else
      while (
        category < variable.categories - 1 &&
        !(matrix.data[at + variable.start + category] > 0.5)
      )
        category++;
    counts[category][target[row]] += weights === null ? 1 : weights[row];
  }
  return counts;
}

type Leaves = { leaf(category: number): number };

/** One split after the other: is it this level, or a later one? */
function writeBlock(
  writer: TreeWriter,
  start: number,
  { leaf, categories }: Leaves & { categories: number },
): void {
  const write = (level: number): number => {
    if (level === categories - 1) return leaf(level);
    const node = writer.split(start + level, 0.5);
    const later = write(level + 1);
    writer.connect(node, later, leaf(level));
    return node;
  };
  write(0);
}

/** Halves the ranges until one is left. */
function writeRanges(
  writer: TreeWriter,
  { column, edges }: { column: number; edges: Float32Array },
  { leaf, from, to }: Leaves & { from: number; to: number },
): number {
  if (from === to) return leaf(from);
  const middle = (from + to) >> 1;
  const node = writer.split(column, edges[middle]);
  const left = writeRanges(writer, { column, edges }, { leaf, from, to: middle });
  const right = writeRanges(writer, { column, edges }, { leaf, from: middle + 1, to });
  writer.connect(node, left, right);
  return node;
}
