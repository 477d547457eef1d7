import { expect, test } from 'vitest';
import { binMatrix } from './bin-matrix.ts';

const oneHot = (rows: number[][]) => ({
  rows: rows.length,
  names: rows[0].map((_, j) => `c${j}`),
  data: Float32Array.from(rows.flat()),
  categories: [{ start: 1, levels: 2 }],
});

test('a one-hot block becomes one feature, zeros being the bin after its levels', () => {
  const { matrix, columns } = binMatrix(
    oneHot([
      [1, 1, 0],
      [2, 0, 1],
      [3, 0, 0],
    ]),
  );
  expect(matrix.features[1]).toEqual({ type: 'category', levels: 2 });
  expect([...matrix.codes[1]]).toEqual([0, 1, 2]);
  expect([...columns]).toEqual([0, 1]);
});

test('a block that holds other values than one 1 a row is numbers', () => {
  const scaled = binMatrix(
    oneHot([
      [1, 0.5, 0],
      [2, 0, 0.5],
    ]),
  );
  expect(scaled.matrix.features.map(({ type }) => type)).toEqual(['number', 'number', 'number']);
  const both = binMatrix(
    oneHot([
      [1, 1, 1],
      [2, 0, 1],
    ]),
  );
  expect([...both.columns]).toEqual([0, 1, 2]);
});

test('a block of many levels is several features, and none is lost', () => {
  const levels = 600;
  const data = new Float32Array(levels * levels);
  for (let row = 0; row < levels; row++) data[row * levels + row] = 1;
  const names = Array.from({ length: levels }, (_, j) => `c${j}`);
  const categories = [{ start: 0, levels }];
  const { matrix, columns } = binMatrix({ rows: levels, names, data, categories });
  expect([...columns]).toEqual([0, 255, 510]);
  expect(matrix.features).toEqual(
    [255, 255, 90].map((count) => ({ type: 'category', levels: count })),
  );
  for (let row = 0; row < levels; row++) {
    const f = Math.floor(row / 255);
    expect(matrix.codes[f][row]).toBe(row % 255);
    expect(matrix.codes[(f + 1) % 3][row]).toBe(f === 1 ? 90 : 255);
  }
});
