import type { Matrix } from '../matrix.ts';

/** Appends, per listed column, 1 where its value is missing and 0 where it is known. */
export type IndicatorStep = { type: 'indicators'; columns: number[] };

/** Indicators for the columns that miss a value here; null when none does. */
export function fitIndicators({ rows, names, data }: Matrix): IndicatorStep | null {
  const columns: number[] = [];
  for (let j = 0; j < names.length; j++) {
    let row = 0;
    while (row < rows && !Number.isNaN(data[row * names.length + j])) row++;
    if (row < rows) columns.push(j);
  }
  return columns.length === 0 ? null : { type: 'indicators', columns };
}

export function applyIndicators({ columns }: IndicatorStep, matrix: Matrix): Matrix {
  const { rows, names, data } = matrix;
  const width = names.length;
  const wider = width + columns.length;
  const into = new Float32Array(rows * wider);
  for (let row = 0; row < rows; row++) {
    const from = row * width;
    into.set(data.subarray(from, from + width), row * wider);
    for (let c = 0; c < columns.length; c++)
      into[row * wider + width + c] = Number.isNaN(data[from + columns[c]]) ? 1 : 0;
  }
  const added = columns.map((column) => `${names[column]} is missing`);
  return { ...matrix, names: [...names, ...added], data: into };
}
