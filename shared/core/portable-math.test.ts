import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cosOfTurn, exp, log, log1p } from './portable-math.ts';

const ULP = 2 ** -52;

const double = fc.double({ min: -745, max: 709.7, noNaN: true });
const positive = fc.oneof(
  fc.double({ min: 5e-324, max: 1.7e308, noNaN: true }),
  fc.double({ min: 0.5, max: 2, noNaN: true }),
);

/** Math's own are within an ulp of the truth too. */
function expectNear(value: number, truth: number, ulps: number) {
  const scale = Math.max(Math.abs(truth), 2 ** -1022);
  expect(Math.abs(value - truth) / scale).toBeLessThanOrEqual(ulps * ULP);
}

test('exp is within two ulps of the engine’s own, into the subnormals', () => {
  fc.assert(
    fc.property(double, (x) => expectNear(exp(x), Math.exp(x), 2)),
    { numRuns: 2000 },
  );
  for (const x of [0, -0, 1, -1, 709.78, -708, -744, 1e-20]) expectNear(exp(x), Math.exp(x), 2);
});

test('log is within two ulps of the engine’s own, of subnormals too', () => {
  fc.assert(
    fc.property(positive, (x) => expectNear(log(x), Math.log(x), 2)),
    { numRuns: 2000 },
  );
  for (const x of [5e-324, 1e-310, 1, Math.SQRT2, Math.SQRT1_2, 2, 1.7e308])
    expectNear(log(x), Math.log(x), 2);
});

test('log1p is within three ulps of the engine’s own', () => {
  const argument = fc.oneof(
    fc.double({ min: -0.999, max: 1e6, noNaN: true }),
    fc.double({ min: -1e-8, max: 1e-8, noNaN: true }),
  );
  fc.assert(
    fc.property(argument, (x) => expectNear(log1p(x), Math.log1p(x), 3)),
    { numRuns: 2000 },
  );
});

test('the cosine of a turn is that of the angle', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (turn) => {
      expect(cosOfTurn(turn)).toBeCloseTo(Math.cos(2 * Math.PI * turn), 14);
    }),
    { numRuns: 2000 },
  );
  expect([0, 0.25, 0.5, 0.75, 1].map((turn) => cosOfTurn(turn) + 0)).toEqual([1, 0, -1, 0, 1]);
});

test('the ends and what is no number', () => {
  expect([exp(710), exp(-746), exp(Infinity), exp(-Infinity)]).toEqual([Infinity, 0, Infinity, 0]);
  expect([log(0), log(-0), log(Infinity), log(1)]).toEqual([-Infinity, -Infinity, Infinity, 0]);
  expect([log1p(-1), log1p(Infinity), log1p(0)]).toEqual([-Infinity, Infinity, 0]);
  expect([exp(Number.NaN), log(Number.NaN), log(-1), log1p(-2)]).toEqual(Array(4).fill(Number.NaN));
});

/** Bits that no engine may change: these were taken in Node 24 and Chromium 156 alike. */
test('the last bit is the same everywhere', () => {
  let hash = 0;
  const bits = new Float64Array(1);
  const words = new Uint32Array(bits.buffer);
  const add = (value: number) => {
    bits[0] = value;
    hash = (Math.imul(hash, 31) + (words[0] ^ words[1])) >>> 0;
  };
  for (let i = 1; i <= 5000; i++) {
    add(exp((i - 2500) / 64));
    add(log(i / 37));
    add(log1p(i / 4096));
    add(cosOfTurn(i / 5001));
  }
  expect(hash).toBe(3633397849);
});
