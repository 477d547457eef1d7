import { expect, test } from 'vitest';
import { withEntry } from './revoke.ts';

const now = new Date('2026-05-01T00:00:00Z');
const entry = { model: 'delay-prediction', version: '1.0.0', why: 'wrong units' };

test('the first list has serial 1, and each entry makes the next', () => {
  const first = withEntry(null, entry, now);
  expect(first).toMatchObject({ serial: 1, revoked: [entry] });
  const second = withEntry(first, { ...entry, version: '1.1.0' }, now);
  expect(second?.serial).toBe(2);
  expect(second?.revoked.map(({ version }) => version)).toEqual(['1.0.0', '1.1.0']);
});

test('revoking a version again changes nothing', () => {
  expect(withEntry(withEntry(null, entry, now), { ...entry, why: 'another' }, now)).toBeNull();
});
