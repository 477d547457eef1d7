import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ModelConfiguration } from '../contracts/flags.ts';
import { assign, bucketOf } from './assignment.ts';

const manifest = { payload: 'e30', signature: 'A'.repeat(86), keyId: '0'.repeat(16) };

function configuration(overrides: Partial<ModelConfiguration> = {}): ModelConfiguration {
  return {
    mlEnabled: true,
    trafficBasisPoints: 10_000,
    fallbackOnError: true,
    champion: { version: '1.0.0', manifest },
    challenger: null,
    ...overrides,
  };
}

const withChallenger = (basisPoints: number): ModelConfiguration =>
  configuration({ challenger: { version: '1.1.0', manifest, rolloutId: 'r', basisPoints } });

const basisPoints = fc.integer({ min: 0, max: 10_000 });
const key = fc.string({ minLength: 1, maxLength: 40, unit: 'binary' });

test('a bucket is the murmur3 of salt, colon and key, modulo 10,000', () => {
  expect(bucketOf('gr1', '123')).toBe(1172);
  expect(bucketOf('traffic:delay-prediction', 'žluť')).toBe(2694);
});

test('raising the traffic share only adds keys', () => {
  fc.assert(
    fc.property(basisPoints, basisPoints, key, (one, other, targetingKey) => {
      const [low, high] = [Math.min(one, other), Math.max(one, other)];
      const before = assign(configuration({ trafficBasisPoints: low }), 'm', targetingKey);
      const after = assign(configuration({ trafficBasisPoints: high }), 'm', targetingKey);
      return before.status === 'not_assigned' || after.status === 'assigned';
    }),
  );
});

test('raising the canary share never takes a key off the challenger', () => {
  fc.assert(
    fc.property(basisPoints, basisPoints, key, (one, other, targetingKey) => {
      const [low, high] = [Math.min(one, other), Math.max(one, other)];
      const before = assign(withChallenger(low), 'm', targetingKey);
      const after = assign(withChallenger(high), 'm', targetingKey);
      return !isChallenger(before) || isChallenger(after);
    }),
  );
});

test('the canary is a fair share of the traffic, not its first keys', () => {
  const half = { ...withChallenger(5000), trafficBasisPoints: 1000 };
  const keys = Array.from({ length: 40_000 }, (_, i) => `device-${i}`);
  const answers = keys.map((targetingKey) => assign(half, 'm', targetingKey));
  const assigned = answers.filter(({ status }) => status === 'assigned').length;
  const challenger = answers.filter(isChallenger).length;
  expect(assigned / keys.length).toBeGreaterThan(0.09);
  expect(assigned / keys.length).toBeLessThan(0.11);
  expect(challenger / assigned).toBeGreaterThan(0.46);
  expect(challenger / assigned).toBeLessThan(0.54);
});

test('a killed model is killed for every key, whatever its shares', () => {
  expect(assign({ ...withChallenger(10_000), mlEnabled: false }, 'm', 'k')).toEqual({
    status: 'killed',
  });
});

test('a model without a champion assigns nobody but the keys of a canary', () => {
  expect(assign(configuration({ champion: null }), 'm', 'k')).toEqual({ status: 'not_assigned' });
  expect(isChallenger(assign({ ...withChallenger(10_000), champion: null }, 'm', 'k'))).toBe(true);
});

const isChallenger = (answer: ReturnType<typeof assign>): boolean =>
  answer.status === 'assigned' && answer.variant === 'challenger';
