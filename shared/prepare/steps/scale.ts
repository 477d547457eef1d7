import type { Matrix } from '../matrix.ts';

/** (x - offset) * scale per column, each operation rounded to float32 (ONNX: Scaler). */
export type ScaleStep = { type: 'scale'; offset: Float32Array; scale: Float32Array };

/**
 * Centres and scales to unit variance (population, as scikit-learn 1.2's StandardScaler). One-hot
 * columns are left as they are; a constant column is only centred. Missing values are left out.
 */
export function fitStandardScale(matrix: Matrix): ScaleStep {
  const { rows, names, data } = matrix;
  const width = names.length;
  const offset = new Float32Array(width);
  const scale = new Float32Array(width).fill(1);
  const isOneHot = oneHotColumns(matrix);
  for (let j = 0; j < width; j++) {
    if (isOneHot[j]) continue;
    let n = 0;
    let mean = 0;
    let squares = 0;
    for (let at = j; at < rows * width; at += width) {
      const value = data[at];
      if (Number.isNaN(value)) continue;
      n++;
      const delta = value - mean;
      mean += delta / n;
      squares += delta * (value - mean);
    }
    offset[j] = mean;
    if (squares > 0) scale[j] = 1 / Math.sqrt(squares / n);
  }
  return { type: 'scale', offset, scale };
}

/** By column: whether it is part of a one-hot block. */
export function oneHotColumns({ names, categories }: Matrix): boolean[] {
  const isOneHot = names.map(() => false);
  for (const { start, levels } of categories) isOneHot.fill(true, start, start + levels);
  return isOneHot;
}

export function applyScale({ offset, scale }: ScaleStep, matrix: Matrix): Matrix {
  const width = offset.length;
  const data = new Float32Array(matrix.data.length);
  for (let at = 0; at < data.length; at += width)
    for (let j = 0; j < width; j++)
      data[at + j] = Math.fround(matrix.data[at + j] - offset[j]) * scale[j];
  return { ...matrix, data };
}
