import { expect, test } from 'vitest';
import { type KeyValue, pageStorage } from './page-storage.ts';

function storageOf(values: Map<string, string>, isFull = () => false): KeyValue {
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem(key, value) {
      if (isFull()) throw new DOMException('full', 'QuotaExceededError');
      values.set(key, value);
    },
    removeItem: (key) => void values.delete(key),
  };
}

test('what the browser keeps is kept there', () => {
  const values = new Map([['a', '1']]);
  const storage = pageStorage(() => storageOf(values));
  expect(storage.getItem('a')).toBe('1');
  storage.setItem('a', '2');
  expect(values.get('a')).toBe('2');
  storage.removeItem('a');
  expect([storage.getItem('a'), values.size]).toEqual([null, 0]);
});

test('where the browser allows no storage the page remembers until it closes', () => {
  const storage = pageStorage(() => {
    throw new DOMException('Access is denied for this document.', 'SecurityError');
  });
  expect(storage.getItem('a')).toBeNull();
  storage.setItem('a', '1');
  expect(storage.getItem('a')).toBe('1');
  storage.removeItem('a');
  expect(storage.getItem('a')).toBeNull();
});

test('a full storage hides no newer value behind the one it still has', () => {
  let isFull = true;
  const values = new Map([['a', 'old']]);
  const storage = pageStorage(() => storageOf(values, () => isFull));
  storage.setItem('a', 'new');
  expect(storage.getItem('a')).toBe('new');
  isFull = false;
  storage.setItem('a', 'newest');
  expect([storage.getItem('a'), values.get('a')]).toEqual(['newest', 'newest']);
});

test('a bug is no refusal', () => {
  const storage = pageStorage(() => {
    throw new TypeError('a bug');
  });
  expect(() => storage.getItem('a')).toThrow('a bug');
});
