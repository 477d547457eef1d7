import { expect, test } from 'vitest';
import type { Input } from '../../../shared/contracts/declaration.ts';
import { emptyForm, exampleForm, readForm, splitInputs } from './form.ts';

const inputs: Input[] = [
  {
    name: 'distance_km',
    label: 'Distance',
    type: 'number',
    unit: 'km',
    range: [0, 25],
    step: 0.1,
    missing: 'reject',
  },
  {
    name: 'weather',
    label: 'Weather',
    type: 'category',
    categories: [
      { value: 'Clear', label: 'Clear' },
      { value: 'Rainy', label: 'Rain' },
    ],
    missing: 'impute',
  },
];

test('an empty form spells a row of missing values', () => {
  expect(readForm(inputs, emptyForm(inputs))).toEqual({
    row: { distance_km: null, weather: null },
    unreadable: [],
  });
});

test('a decimal comma is understood', () => {
  expect(readForm(inputs, { distance_km: ' 3,5', weather: 'Rainy' }).row).toEqual({
    distance_km: 3.5,
    weather: 'Rainy',
  });
});

test('text that is no number is named, not taken for missing', () => {
  expect(readForm(inputs, { distance_km: 'far', weather: '' }).unreadable).toEqual(['distance_km']);
});

test('the example lies on the grid of each input, inside its range', () => {
  expect(exampleForm(inputs)).toEqual({ distance_km: '8.3', weather: 'Clear' });
});

test('a long form folds optional inputs away and never a required one', () => {
  const long = Array.from({ length: 12 }, (_, i): Input => {
    const missing = i === 11 ? 'reject' : 'impute';
    return { name: `x${i}`, label: `x${i}`, type: 'number', range: [0, 1], missing };
  });
  const { first, more } = splitInputs(long);
  expect(first.map((input) => input.name)).toContain('x11');
  expect(more.every((input) => input.missing === 'impute')).toBe(true);
  expect(first.length + more.length).toBe(12);
  expect(splitInputs(inputs).more).toEqual([]);
});
