import type { Key, KeyRange } from '../adapters.ts';

/** Sorts after every string and number that a key may hold. */
const LAST = '\uffff';

/** Order of array keys as IndexedDB has it: part by part, numbers before strings, shorter first. */
export function compareKeys(a: Key, b: Key): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const order = compareParts(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareParts(a: string | number, b: string | number): number {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Every key that starts with these parts. */
export const startingWith = (...parts: Key): KeyRange => ({ from: parts, to: [...parts, LAST] });
