/**
 * One column of raw values. Missing cells are not among `values`; `missing` counts them (0 when left out).
 * Infinite numbers were counted as missing before.
 */
export type Sample =
  | { type: 'number'; values: Float64Array; missing?: number }
  | { type: 'category'; values: string[]; missing?: number };

export type SamplePair = { reference: Sample; current: Sample };

/** Both as numbers, or null where one is not. */
export function numbersOf(
  pair: SamplePair,
): { reference: Float64Array; current: Float64Array } | null {
  const { reference, current } = pair;
  if (reference.type !== 'number' || current.type !== 'number') return null;
  return { reference: reference.values, current: current.values };
}
