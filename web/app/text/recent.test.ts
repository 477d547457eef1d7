import { expect, test } from 'vitest';
import type { Input } from '../../../shared/contracts/declaration.ts';
import { parseRecent, summarise } from './recent.ts';

test('what is not a list of predictions is no list, and no crash', () => {
  for (const text of [null, '', '{', '7', '[{"id":1}]']) expect(parseRecent(text)).toEqual([]);
});

test('a kept list is read back whole', () => {
  const kept = [{ id: 'dev1.wri1:7', value: 31, version: '1.0.0', at: 5, summary: '3 km' }];
  expect(parseRecent(JSON.stringify(kept))).toEqual(kept);
});

test('a row is summarised by its known values, with units and labels', () => {
  const inputs: Input[] = [
    { name: 'km', label: 'Distance', type: 'number', unit: 'km', range: [0, 9], missing: 'reject' },
    {
      name: 'sky',
      label: 'Weather',
      type: 'category',
      categories: [
        { value: 'Rainy', label: 'Rain' },
        { value: 'Clear', label: 'Clear' },
      ],
      missing: 'impute',
    },
    { name: 'prep', label: 'Preparation', type: 'number', range: [0, 60], missing: 'impute' },
  ];
  expect(summarise(inputs, { km: 4.25, sky: 'Rainy', prep: null })).toBe('4.25\u202fkm · Rain');
});
