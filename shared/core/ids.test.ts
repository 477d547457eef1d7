import fc from 'fast-check';
import { expect, test } from 'vitest';
import { uuidv7, uuidv7TimeMs } from './ids.ts';
import { createRng } from './rng.ts';

test('a UUIDv7 carries its time, its version and its variant', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), fc.integer(), (timeMs, seed) => {
      const id = uuidv7(timeMs, createRng(seed));
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(uuidv7TimeMs(id)).toBe(timeMs);
    }),
  );
});

test('UUIDv7s sort by time', () => {
  const rng = createRng(1);
  const ids = [1, 1000, 1_700_000_000_000, 1_700_000_000_001].map((time) => uuidv7(time, rng));
  expect([...ids].sort()).toEqual(ids);
});
