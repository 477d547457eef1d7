import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import { namedMethod } from '../../shared/stats/drift/named-methods.ts';
import { profileMethods } from '../../shared/stats/drift/profile-methods.ts';
import type { Sample } from '../../shared/stats/drift/sample.ts';
import { addNumber, createColumnProfile } from '../../shared/stats/profile/column-profile.ts';
import { numberEdges } from '../../shared/stats/profile/number-edges.ts';

type Input = { type: 'num' | 'cat'; reference: number[]; current: number[] };

const { inputs }: { inputs: Record<string, Input> } = JSON.parse(
  readFileSync(new URL('../../../shared/conformance/drift-tests.json', import.meta.url), 'utf8'),
);

/** Columns of electricity and housing data; a reference of one value has one bin, which sees nothing. */
const columns = Object.entries(inputs).filter(
  ([, { type, reference }]) => type === 'num' && new Set(reference).size > 1,
);

function profileOf(values: readonly number[], edges: number[]) {
  const profile = createColumnProfile({ type: 'number', edges });
  if (profile.type === 'number') for (const value of values) addNumber(profile, value);
  return profile;
}

const sampleOf = (values: readonly number[]): Sample => ({
  type: 'number',
  values: Float64Array.from(values),
});

const TESTS = ['anderson', 'cramer_von_mises', 'es'] as const;
const DISTANCES = ['wasserstein', 'ed'] as const;

test('there are columns of both kinds', () => {
  expect(columns.length).toBeGreaterThan(8);
});

test.each(columns)(
  '%s: twenty bins of the reference say what the values say',
  (_, { reference, current }) => {
    const edges = numberEdges(reference);
    const pair = { reference: profileOf(reference, edges), current: profileOf(current, edges) };
    const raw = { reference: sampleOf(reference), current: sampleOf(current) };
    const binned = profileMethods([...TESTS, ...DISTANCES], pair, createRng(1));
    const values = [...TESTS, ...DISTANCES].map(
      (method) => namedMethod(method, raw, { permutations: 99, rng: createRng(2) })!,
    );
    binned.forEach(({ method, statistic, pValue }, i) => {
      expect(pValue! <= 0.01, `${method}: ${pValue}, ${values[i].pValue}`).toBe(
        values[i].pValue <= 0.01,
      );
      if (i >= TESTS.length && pValue! <= 0.01)
        expect(Math.abs(statistic! / values[i].statistic - 1), method).toBeLessThan(0.1);
    });
  },
);
