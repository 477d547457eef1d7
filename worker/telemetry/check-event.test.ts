import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { FALLBACK_REASONS, telemetryEvent } from '../../shared/contracts/telemetry.ts';
import { outcome, prediction } from '../test-support/batch.ts';
import { checkEvent } from './check-event.ts';

const ODD_VALUES = [
  undefined,
  null,
  true,
  '',
  'x'.repeat(300),
  'x'.repeat(2000),
  0,
  -1,
  1.5,
  2 ** 52,
  2 ** 53,
  2 ** 32 + 1,
  1e70,
  1e71,
  -1e308,
  8.64e15,
  9e15,
  3_600_001,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  [],
  [1, 2],
  [1, Number.NaN],
  [1, 2, 3],
  [1],
  {},
  { a: 1, b: 'x', c: null },
  { a: {} },
  { a: [1] },
  { a: 'x'.repeat(257) },
  '1.0',
  '1.0.0',
  '1.0.0-rc.1',
  'device01.writer01:1',
  'device01.writer01:0',
  'device01:1',
  'prediction',
  'outcome',
  'model',
  'champion',
  'runtime',
  'webgpu',
  'download',
  'shadow',
  { version: '1.0.0', predicted: 1 },
  { version: null, predicted: 1 },
  { version: '1.0.0', predicted: null },
  ...FALLBACK_REASONS,
];

const VALID = [
  prediction(1, { interval: [1, 2], warnings: 2, reason: 'deadline' }),
  outcome(2, { prediction: 'device01.writer01:1' }),
  { type: 'exposure', seq: 3, at: 1, flag: 'f', variant: 'on', version: null },
  { type: 'incident', seq: 4, at: 1, kind: 'runtime', version: '1.0.0', detail: 'd' },
  outcome(5, {
    prediction: 'device01.writer01:1',
    group: 'north',
    shadow: { version: '1.1.0', predicted: 3 },
  }),
  {
    type: 'shadow',
    seq: 6,
    at: 1,
    prediction: 'device01.writer01:1',
    version: '1.1.0',
    value: 1,
    reason: 'deadline',
    champion: 2,
    latencyMs: 3,
    backend: 'wasm',
  },
] as const;

test('every kind of valid event is accepted as it is', () => {
  for (const event of VALID) expect(checkEvent(event)).toEqual({ event });
});

test('it accepts exactly what the schema of the contract accepts, any field changed to anything', () => {
  const changed = fc
    .tuple(
      fc.constantFrom(...VALID),
      fc.constantFrom(...ODD_VALUES),
      fc.nat(23),
      fc.option(fc.constantFrom(...ODD_VALUES)),
    )
    .map(([event, odd, at, alone]) => {
      if (at === 23) return alone;
      const names = [
        ...Object.keys(event),
        'interval',
        'warnings',
        'features',
        'reason',
        'backend',
        'group',
        'shadow',
        'extra',
      ];
      return { ...event, [names[at % names.length]]: odd };
    });
  fc.assert(
    fc.property(changed, (value) => {
      expect(checkEvent(value).event !== undefined).toBe(v.is(telemetryEvent, value));
    }),
    { numRuns: 20_000 },
  );
});

test('it accepts exactly what the schema accepts of arbitrary features', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 })), (features) => {
      const value = { ...VALID[0], features };
      expect(checkEvent(value).event !== undefined).toBe(v.is(telemetryEvent, value));
    }),
    { numRuns: 2000 },
  );
});

test('a refused event names the field that is wrong', () => {
  expect(checkEvent({ ...VALID[0], value: null })).toEqual({ field: 'value' });
  expect(checkEvent({ ...VALID[1], prediction: 'device01:1' })).toEqual({ field: 'prediction' });
  expect(checkEvent({ ...VALID[0], at: -1 })).toEqual({ field: 'at' });
  expect(checkEvent('prediction')).toEqual({ field: 'type' });
});
