import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeModel, tensorInfo } from '../graph.ts';
import { readModel } from '../runtime/read-model.ts';
import { halfOf } from './half.ts';

/** A number through 16 bits, by the runtime's reader. */
function throughHalf(value: number): number {
  const rawData = new Uint8Array(Uint16Array.of(halfOf(value)).buffer);
  const bytes = encodeModel({
    ...{ name: 'half', nodes: [], inputs: [] },
    constants: [{ name: 'h', dims: [1n], dataType: 10, rawData }],
    outputs: [tensorInfo('h', 'float', null)],
  });
  return Number(readModel(bytes).constants.get('h')?.data[0]);
}

test('halves are those of IEEE 754: ties to even, subnormals, overflow', () => {
  const expected: [number, number][] = [
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65_504, 0x7bff],
    [65_519.99, 0x7bff],
    [65_520, 0x7c00],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [2 ** -25, 0x0000],
    [1.5 * 2 ** -24, 0x0002],
    [2049, 0x6800],
    [2051, 0x6802],
    [1 / 3, 0x3555],
  ];
  for (const [value, half] of expected) expect([value, halfOf(value)]).toEqual([value, half]);
});

test('a number comes back within half a step', () => {
  fc.assert(
    fc.property(fc.float({ min: -65_504, max: 65_504, noNaN: true }), (value) => {
      const step = Math.max(2 ** -24, 2 ** (Math.floor(Math.log2(Math.abs(value))) - 10));
      expect(Math.abs(throughHalf(value) - value)).toBeLessThanOrEqual(step / 2);
    }),
  );
});
