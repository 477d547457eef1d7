import { expect, test } from 'vitest';
import type { EvaluationContext, FlagConfiguration } from '../contracts/flags.ts';
import { evaluateFlags } from './evaluate-flags.ts';

const manifest = { payload: 'e30', signature: 'A'.repeat(86), keyId: '0'.repeat(16) };
const revocations = { ...manifest, payload: 'e31' };

function configuration(): FlagConfiguration {
  return {
    version: 7,
    models: {
      delay: {
        mlEnabled: true,
        trafficBasisPoints: 10_000,
        fallbackOnError: true,
        champion: { version: '1.0.0', manifest },
        challenger: null,
      },
    },
    flags: {
      banner: { enabled: true, basisPoints: 5000, on: 'new', off: 'old' },
      plain: { enabled: true, basisPoints: 10_000, on: true, off: false },
    },
    revocations,
  };
}

const context = { targetingKey: 'device-1', useCase: 'delay' };

function evaluate(key: string, configured = configuration(), asked: EvaluationContext = context) {
  return evaluateFlags(configured, asked, key)[0];
}

test('a bulk answer holds the model flags of the use case and the flags of the workspace', () => {
  const keys = evaluateFlags(configuration(), context).map(({ key }) => key);
  expect(keys).toEqual([
    'ml-enabled',
    'ml-traffic-percentage',
    'fallback-on-error',
    'model',
    'banner',
    'plain',
  ]);
});

test('the flag model carries the signed manifest of the version assigned', () => {
  expect(evaluate('model')).toEqual({
    key: 'model',
    reason: 'STATIC',
    variant: 'champion',
    value: { status: 'assigned', version: '1.0.0', manifest, revocations },
    metadata: { configVersion: 7 },
  });
});

test('a killed model answers DISABLED with no manifest, and ml-enabled is off', () => {
  const killed = configuration();
  killed.models.delay.mlEnabled = false;
  expect(evaluate('model', killed)).toMatchObject({
    reason: 'DISABLED',
    variant: 'killed',
    value: { status: 'killed', revocations },
  });
  expect(evaluate('ml-enabled', killed)).toMatchObject({ reason: 'DISABLED', value: false });
});

test('a percentage decides with SPLIT and needs a targeting key; other flags do not', () => {
  const split = configuration();
  split.models.delay.trafficBasisPoints = 5000;
  expect(evaluate('model', split)).toMatchObject({ reason: 'SPLIT' });
  const keyless = evaluateFlags(split, { useCase: 'delay' });
  const failed = keyless.filter((flag) => 'errorCode' in flag).map(({ key }) => key);
  expect(failed).toEqual(['model', 'banner']);
  expect(keyless.find(({ key }) => key === 'model')).toMatchObject({
    errorCode: 'TARGETING_KEY_MISSING',
  });
});

test('a share of nobody is decided without a targeting key', () => {
  const none = configuration();
  none.models.delay.trafficBasisPoints = 0;
  expect(evaluate('model', none, { useCase: 'delay' })).toMatchObject({
    reason: 'STATIC',
    variant: 'not_assigned',
  });
});

test('a context without use case fails the model flags alone', () => {
  const answers = evaluateFlags(configuration(), { targetingKey: 'device-1' });
  const codes = answers.map((flag) => ('errorCode' in flag ? flag.errorCode : 'ok'));
  expect(codes).toEqual([...new Array(4).fill('INVALID_CONTEXT'), 'ok', 'ok']);
});

test('an unknown use case, an unknown flag and a name of Object.prototype are not found', () => {
  expect(evaluate('model', configuration(), { useCase: 'nope' })).toMatchObject({
    errorCode: 'FLAG_NOT_FOUND',
  });
  expect(evaluate('model', configuration(), { useCase: 'constructor' })).toMatchObject({
    errorCode: 'FLAG_NOT_FOUND',
  });
  expect(evaluate('toString')).toMatchObject({ errorCode: 'FLAG_NOT_FOUND' });
});

test('a disabled workspace flag has its off value', () => {
  const off = configuration();
  off.flags.banner.enabled = false;
  expect(evaluate('banner', off, {})).toMatchObject({ reason: 'DISABLED', value: 'old' });
});
