import { type Rng, shuffle } from '../core/rng.ts';
import { type Matrix, takeMatrixRows } from './matrix.ts';
import { oneHotColumns } from './steps/column-values.ts';

/** Prepared rows of classes. */
export type Sample = { matrix: Matrix; target: Float64Array };

/**
 * `smote`: each smaller class is filled up to the largest by points between its rows and their
 * neighbours (Chawla et al. 2002). `borderline-smote`: only rows in danger, most of whose neighbours
 * are of other classes but not all, are built on (Han, Wang and Mao 2005, borderline-1).
 * `under`: each larger class is drawn down to the smallest.
 */
export type ResampleMethod = 'smote' | 'borderline-smote' | 'under';

export type ResampleOptions = {
  method: ResampleMethod;
  /** Neighbours within the class that a new point may lie towards. */
  kNeighbors: number;
  /** Neighbours among all rows that say whether a row is in danger. */
  mNeighbors: number;
  rng: Rng;
};

export const RESAMPLE_DEFAULTS = { kNeighbors: 5, mNeighbors: 10 } as const;

/**
 * Rows of the classes in equal numbers. A new point's one-hot category is that of the nearer of its
 * two rows (SMOTENC takes the neighbours' majority). For training rows only: a resampled class share
 * shifts probabilities, so calibrate on rows as they are. Reference: imbalanced-learn 0.10.
 * @param sample without missing values, for all methods but `under`
 * Cost: rows of a class squared x columns.
 */
export function resample(sample: Sample, options: ResampleOptions): Sample {
  return options.method === 'under'
    ? underSample(sample, options.rng)
    : overSample(sample, options);
}

function rowsByClass({ target }: Sample): number[][] {
  const rows: number[][] = [];
  target.forEach((code, row) => {
    while (rows.length <= code) rows.push([]);
    rows[code].push(row);
  });
  return rows;
}

function underSample(sample: Sample, rng: Rng): Sample {
  const present = rowsByClass(sample).filter((rows) => rows.length > 0);
  const fewest = Math.min(...present.map((rows) => rows.length));
  const kept = present.flatMap((rows) => shuffle(rows, rng).slice(0, fewest)).sort((a, b) => a - b);
  return {
    matrix: takeMatrixRows(sample.matrix, kept),
    target: Float64Array.from(kept, (row) => sample.target[row]),
  };
}

function overSample(sample: Sample, options: ResampleOptions): Sample {
  const { matrix } = sample;
  const classes = rowsByClass(sample);
  const most = Math.max(...classes.map((rows) => rows.length));
  const width = matrix.names.length;
  const added: Float32Array[] = [];
  const codes: number[] = [];
  classes.forEach((rows, code) => {
    const seeds = options.method === 'smote' ? rows : rowsInDanger(sample, rows, options);
    if (rows.length < 2 || seeds.length === 0) return;
    for (let n = rows.length; n < most; n++) {
      added.push(pointBetween(matrix, { seeds, rows, ...options }));
      codes.push(code);
    }
  });
  const data = new Float32Array(matrix.data.length + added.length * width);
  data.set(matrix.data);
  added.forEach((point, i) => {
    data.set(point, matrix.data.length + i * width);
  });
  return {
    matrix: { ...matrix, rows: matrix.rows + added.length, data },
    target: Float64Array.from([...sample.target, ...codes]),
  };
}

/** Half or more of the nearest rows are of other classes, but not all: those are noise. */
function rowsInDanger(
  { matrix, target }: Sample,
  rows: readonly number[],
  { mNeighbors }: ResampleOptions,
): number[] {
  const all = Array.from({ length: matrix.rows }, (_, row) => row);
  return rows.filter((row) => {
    const near = nearestRows(matrix, { row, among: all, count: mNeighbors });
    const others = near.filter((other) => target[other] !== target[row]).length;
    return others >= near.length / 2 && others < near.length;
  });
}

type Between = ResampleOptions & { seeds: readonly number[]; rows: readonly number[] };

function pointBetween(matrix: Matrix, { seeds, rows, kNeighbors, rng }: Between): Float32Array {
  const seed = seeds[Math.floor(rng() * seeds.length)];
  const near = nearestRows(matrix, { row: seed, among: rows, count: kNeighbors });
  const other = near[Math.floor(rng() * near.length)];
  const share = rng();
  const width = matrix.names.length;
  const isOneHot = oneHotColumns(matrix);
  return Float32Array.from({ length: width }, (_, j) => {
    const [from, to] = [matrix.data[seed * width + j], matrix.data[other * width + j]];
    if (isOneHot[j]) return share < 0.5 ? from : to;
    return from + share * (to - from);
  });
}

type Near = { row: number; among: readonly number[]; count: number };

/** The nearest of `among` by Euclidean distance, without the row itself; ties in row order. */
export function nearestRows({ names, data }: Matrix, { row, among, count }: Near): number[] {
  const width = names.length;
  const distances = among.map((other) => {
    let sum = 0;
    for (let j = 0; j < width; j++) sum += (data[row * width + j] - data[other * width + j]) ** 2;
    return { other, sum };
  });
  return distances
    .filter(({ other }) => other !== row)
    .sort((a, b) => a.sum - b.sum || a.other - b.other)
    .slice(0, count)
    .map(({ other }) => other);
}
