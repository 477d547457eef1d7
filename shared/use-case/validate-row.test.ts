import fc from 'fast-check';
import { expect, test } from 'vitest';
import { delayPrediction } from '../../models/delay-prediction/use-case.ts';
import { validateRow } from './validate-row.ts';

const inputs = delayPrediction.inputs;
const validate = (row: unknown) => validateRow(inputs, row);
const issuesOf = (row: unknown) => {
  const checked = validate(row);
  return checked.ok ? [] : checked.error.issues;
};

test('a row keeps declared order and holds null for what is missing', () => {
  const checked = validate({ Weather: 'Snowy', Distance_km: 4 });
  expect(checked.ok && Object.entries(checked.value.row)).toEqual([
    ['Distance_km', 4],
    ['Weather', 'Snowy'],
    ['Traffic_Level', null],
    ['Time_of_Day', null],
    ['Vehicle_Type', null],
    ['Preparation_Time_min', null],
    ['Courier_Experience_yrs', null],
  ]);
  expect(checked.ok && checked.value.warnings).toEqual([]);
});

test('a missing value is an error only under the policy reject', () => {
  for (const distance of [null, undefined, ''])
    expect(issuesOf({ Distance_km: distance })).toEqual([
      { input: 'Distance_km', message: 'is missing, and this input has no substitute' },
    ]);
});

test('wrong types, NaN, infinities and what float32 cannot hold are errors that name the value', () => {
  for (const [value, said] of [
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [1e39, '1e+39'],
    ['4', 'the text "4"'],
    [true, 'a boolean'],
    [[4], 'a list'],
    [{}, 'an object'],
  ])
    expect(issuesOf({ Distance_km: value })).toEqual([
      { input: 'Distance_km', message: `expected a finite number, found ${said}` },
    ]);
  expect(issuesOf({ Distance_km: 1, Weather: 3 })).toEqual([
    { input: 'Weather', message: 'expected text, found 3' },
  ]);
});

test('an undeclared key is an error, also when it is the name of something every object has', () => {
  expect(issuesOf({ Distance_km: 1, Wether: 'Clear' })[0].input).toBe('Wether');
  expect(issuesOf(JSON.parse('{"Distance_km":1,"__proto__":2}'))[0].input).toBe('__proto__');
  expect(issuesOf({ Distance_km: 1, toString: 1 })[0].input).toBe('toString');
});

test('what is not an object is one error', () => {
  for (const row of [null, undefined, 3, 'x', [1]]) expect(issuesOf(row)).toHaveLength(1);
});

test('a value out of range and an unknown category are answered with a warning', () => {
  const checked = validate({ Distance_km: 1000, Weather: 'Sandstorm' });
  expect(checked.ok && checked.value.warnings).toEqual([
    { input: 'Distance_km', message: '1000 is outside 0.1 to 25 km' },
    { input: 'Weather', message: '"Sandstorm" is not a known category' },
  ]);
});

test('whatever is given, the answer is a result, and a valid row is answered by the fallback', () => {
  fc.assert(
    fc.property(
      fc.record(
        Object.fromEntries(
          inputs.map(({ name }) => [
            name,
            fc.oneof(fc.double(), fc.string(), fc.constant(null), fc.anything()),
          ]),
        ),
        { requiredKeys: [] },
      ),
      (row) => {
        const checked = validate(row);
        if (checked.ok)
          expect(Number.isFinite(delayPrediction.fallback(checked.value.row))).toBe(true);
        else expect(checked.error.issues.length).toBeGreaterThan(0);
      },
    ),
  );
});
