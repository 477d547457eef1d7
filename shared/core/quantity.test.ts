import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantity, quantityRange, signedQuantity, unitAround } from './quantity.ts';

test('a currency stands before its number, by its sign or by its code', () => {
  expect(quantity(70.35, '$', 'typed')).toBe('$70.35');
  expect(quantity(70.5, '€', 'typed')).toBe('€70.50');
  expect(quantity(70, 'USD', 'typed')).toBe('$70');
  expect(quantity(-1234.4, 'EUR', 'estimate')).toBe('−€1,234');
  expect(quantity(4.5, 'GBP', 'estimate')).toBe('£4.50');
  expect(quantity(1200, '¥', 'measured')).toBe('¥1,200');
  expect(quantity(12, 'CAD', 'typed')).toBe('CA$12');
  expect(quantity(12, 'CHF', 'typed')).toBe('CHF\u00a012');
});

test('any other unit stands after it behind a narrow space, per cent and degrees right behind', () => {
  expect(quantity(41.7, 'min', 'estimate')).toBe('42\u202fmin');
  expect(quantity(6.123, 'min')).toBe('6.12\u202fmin');
  expect(quantity(72.5, '°F', 'typed')).toBe('72.5\u202f°F');
  expect(quantity(81, '%', 'typed')).toBe('81%');
  expect(quantity(3, 'KWH', 'typed')).toBe('3\u202fKWH');
  expect(quantity(3, '$ per m²', 'typed')).toBe('3\u202f$ per m²');
  expect(quantity(3.1429)).toBe('3.14');
});

test('estimates are whole from ten up, figures have three digits, and money all of its minor units', () => {
  expect([quantity(33.6, '', 'estimate'), quantity(9.54, '', 'estimate')]).toEqual(['34', '9.5']);
  expect([quantity(0.07, '$'), quantity(0.0012, '$')]).toEqual(['$0.07', '$0.0012']);
  expect([quantity(12.345, '$'), quantity(345.6, '$')]).toEqual(['$12.35', '$346']);
  expect(quantity(0, '$', 'estimate')).toBe('$0');
});

test('a change says its direction, and none has no sign', () => {
  expect(signedQuantity(3.14, 'min')).toBe('+3.1\u202fmin');
  expect(signedQuantity(-3.14, '$')).toBe('−$3.14');
  expect(signedQuantity(0.01, 'min')).toBe('0\u202fmin');
  expect(quantity(-0.01, '', 'estimate')).toBe('0');
});

test('a range says a unit once, a currency at both ends', () => {
  expect(quantityRange([0.1, 25], 'km')).toBe('0.1 to 25\u202fkm');
  expect(quantityRange([0, 150], '$')).toBe('$0 to $150');
  expect(quantityRange([31.2, 47], 'min', { precision: 'estimate', word: 'and' })).toBe(
    '31 and 47\u202fmin',
  );
});

test('beside a field a unit stands on the side on which it is written', () => {
  expect(unitAround('€')).toEqual({ before: '€', after: '' });
  expect(unitAround('SEK')).toEqual({ before: 'SEK', after: '' });
  expect(unitAround('km')).toEqual({ before: '', after: 'km' });
  expect(unitAround()).toEqual({ before: '', after: '' });
});

test('no unit and no value is written wrongly: never a hyphen for a minus, no -0', () => {
  fc.assert(
    fc.property(
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }),
      fc.constantFrom('', '$', 'EUR', 'min', '%'),
      fc.constantFrom('typed', 'estimate', 'measured'),
      (value, unit, precision) => {
        const text = quantity(value, unit, precision);
        expect(text).not.toMatch(/-|NaN|^−\D?0(\.0*)?\D*$/);
      },
    ),
    { numRuns: 300 },
  );
});
