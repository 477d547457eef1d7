import { expect, test } from 'vitest';
import { compareSemver, isSemver, nextMinor } from './semver.ts';

test('versions sort as semver.org section 11 says', () => {
  const sorted = [
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0-rc.1',
    '1.0.0',
    '1.2.0',
    '1.10.0',
    '2.0.0',
  ];
  expect([...sorted].reverse().sort(compareSemver)).toEqual(sorted);
});

test.each(['1', '1.0', '01.0.0', '1.0.0-', 'v1.0.0', '1.0.0+build', ''])(
  '"%s" is no version',
  (text) => {
    expect(isSemver(text)).toBe(false);
  },
);

test('a retraining of 1.9.3 is called 1.10.0', () => {
  expect(nextMinor('1.9.3')).toBe('1.10.0');
});
