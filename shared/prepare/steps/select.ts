import type { CategoryBlock, Matrix } from '../matrix.ts';

/** Keeps the named columns, in that order (ONNX: Gather). */
export type SelectStep = { type: 'select'; columns: Int32Array };

/** @param columns ascending and different */
export const selectColumns = (columns: ArrayLike<number>): SelectStep => ({
  type: 'select',
  columns: Int32Array.from(columns),
});

/** A one-hot block of which all columns are kept stays one; others become plain columns. */
export function applySelect({ columns }: SelectStep, matrix: Matrix): Matrix {
  const { rows, names, data } = matrix;
  const width = names.length;
  const into = new Float32Array(rows * columns.length);
  for (let row = 0; row < rows; row++)
    for (let j = 0; j < columns.length; j++)
      into[row * columns.length + j] = data[row * width + columns[j]];
  const kept = Array.from(columns, (column) => names[column]);
  return { rows, names: kept, data: into, categories: keptBlocks(columns, matrix) };
}

function keptBlocks(columns: Int32Array, { categories }: Matrix): CategoryBlock[] {
  return categories.flatMap(({ start, levels }) => {
    const at = columns.indexOf(start);
    const isWhole = at >= 0 && columns[at + levels - 1] === start + levels - 1;
    return isWhole ? [{ start: at, levels }] : [];
  });
}
