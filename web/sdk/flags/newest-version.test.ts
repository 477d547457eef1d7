import { expect, test } from 'vitest';
import { createNewestVersion } from './newest-version.ts';

function newest() {
  let nowMs = 0;
  const versions = createNewestVersion(() => nowMs);
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { versions, pass };
}

test('only a higher version is news, and the highest stays', () => {
  const { versions } = newest();
  expect([versions.hear(4), versions.hear(3), versions.hear(4), versions.hear(5)]).toEqual([
    true,
    false,
    false,
    true,
  ]);
  expect(versions.highest()).toBe(5);
});

test('an answer below the highest version heard of is refused, one at or above it is taken', () => {
  const { versions } = newest();
  versions.hear(5);
  expect([versions.accepts(4), versions.accepts(5), versions.accepts(6)]).toEqual([
    false,
    true,
    true,
  ]);
  expect(versions.highest()).toBe(6);
});

test('a server that starts again lower is believed after a minute of lower answers', () => {
  const { versions, pass } = newest();
  versions.accepts(500);
  for (let i = 0; i < 5; i++) expect(versions.accepts(1)).toBe(false);
  pass(59_999);
  expect(versions.accepts(1)).toBe(false);
  pass(1);
  expect(versions.accepts(1)).toBe(true);
  expect([versions.highest(), versions.hear(2)]).toEqual([1, true]);
});

test('now and then a late answer is not a server that starts again', () => {
  const { versions, pass } = newest();
  versions.accepts(5);
  for (let i = 0; i < 5; i++) {
    expect(versions.accepts(4)).toBe(false);
    pass(60_000);
    expect(versions.accepts(5)).toBe(true);
  }
  expect(versions.accepts(4)).toBe(false);
  pass(3_600_000);
  expect(versions.accepts(4)).toBe(false);
});
