import { expect, test } from 'vitest';
import { murmur3 } from './murmur3.ts';
import { utf8 } from './utf8.ts';

// Unleash client-specification 08 and 10: normalised = hash mod n + 1; variants have their own seed.
test.each([
  ['gr1:123', 100, 0, 73],
  ['groupX:999', 100, 0, 25],
  ['Feature.flexibleRollout.10:174', 100, 0, 10],
  ['Feature.flexibleRollout.10:499', 100, 0, 32],
  ['gr1:123', 1000, 86028157, 796],
  ['groupX:999', 1000, 86028157, 260],
])(
  'murmur3 puts %s into the bucket that other clients put it into',
  (text, buckets, seed, expected) => {
    expect((murmur3(utf8(text), seed) % buckets) + 1).toBe(expected);
  },
);

// Appleby's reference implementation (SMHasher).
test.each([
  ['', 0, 0],
  ['', 1, 0x514e28b7],
  ['', 0xffffffff, 0x81f16f39],
  ['test', 0, 0xba6bd213],
  ['Hello, world!', 0, 0xc0363e43],
  ['The quick brown fox jumps over the lazy dog', 0, 0x2e4ff723],
])('murmur3 of "%s" with seed %i equals the reference', (text, seed, expected) => {
  expect(murmur3(utf8(text), seed)).toBe(expected);
});
