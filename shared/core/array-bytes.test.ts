import { expect, test } from 'vitest';
import { decodeArrays, encodeArrays } from './array-bytes.ts';

test('what was written is read again, arrays of their types among it', () => {
  const data = { name: 'é', values: Float32Array.of(1, Number.NaN), codes: Int32Array.of(-1) };
  expect(decodeArrays('x-1', encodeArrays('x-1', data))).toEqual({ ok: true, value: data });
});

test('bytes of another format, cut short, or with a damaged header are refused', () => {
  const bytes = encodeArrays('x-1', { values: Float32Array.of(1) });
  const damaged = bytes.slice();
  damaged[bytes.indexOf('}'.charCodeAt(0))] = 0x7b;
  for (const wrong of [bytes.slice(0, 9), new Uint8Array(2), damaged])
    expect(decodeArrays('x-1', wrong)).toMatchObject({ error: { reason: 'invalid_bytes' } });
  expect(decodeArrays('x-2', bytes)).toMatchObject({
    error: { detail: 'bytes of x-1, not of x-2' },
  });
});

test('bytes that end before their arrays do are refused with how many there should be', () => {
  const bytes = encodeArrays('x-1', { values: Float32Array.of(1, 2, 3), code: Uint8Array.of(7) });
  for (const cut of [1, 2, 13])
    expect(decodeArrays('x-1', bytes.slice(0, -cut))).toEqual({
      ok: false,
      error: {
        reason: 'invalid_bytes',
        detail: `${bytes.length - cut} bytes, ${bytes.length} expected`,
      },
    });
});
