import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import { evidentlyScore } from '../../shared/stats/drift/evidently.ts';
import {
  EVIDENTLY_METHODS,
  type EvidentlyMethod,
} from '../../shared/stats/drift/evidently-methods.ts';
import type { Sample } from '../../shared/stats/drift/sample.ts';
import { cramerVonMises } from '../../shared/stats/tests/cramer-von-mises.ts';
import { kolmogorovSmirnov } from '../../shared/stats/tests/kolmogorov-smirnov.ts';

type Table = {
  results: {
    case: string;
    test: EvidentlyMethod;
    score?: number;
    drifted?: boolean;
    threshold: number;
    error?: string;
  }[];
  inputs: Record<
    string,
    { type: 'num' | 'cat'; reference: (number | string)[]; current: (number | string)[] }
  >;
};

const table: Table = JSON.parse(
  readFileSync(new URL('../../../shared/conformance/drift-tests.json', import.meta.url), 'utf8'),
);

/** Two independent runs of N relabellings differ by up to five standard errors of a share. */
const PERMUTATIONS: Partial<Record<EvidentlyMethod, number>> = { empirical_mmd: 100, TVD: 1000 };

function sampleOf(type: 'num' | 'cat', values: (number | string)[]): Sample {
  return type === 'num'
    ? { type: 'number', values: Float64Array.from(values as number[]) }
    : { type: 'category', values: values.map(String) };
}

function scoreOf(row: Table['results'][number]): number | null {
  const { type, reference, current } = table.inputs[row.case];
  const pair = { reference: sampleOf(type, reference), current: sampleOf(type, current) };
  return evidentlyScore(row.test, pair, createRng(11));
}

test('the table holds every method', () => {
  expect(new Set(table.results.map((row) => row.test))).toEqual(
    new Set(Object.keys(EVIDENTLY_METHODS)),
  );
});

test.each(table.results.filter((row) => row.error === undefined && !PERMUTATIONS[row.test]))(
  '$test on $case: score and verdict of Evidently 0.7.21',
  (row) => {
    const score = scoreOf(row)!;
    // scipy's own p is 1 - cdf for some tests, so it holds 1e-15 absolutely, not relatively.
    const tolerance = Math.max(1e-6 * Math.abs(row.score!), 1e-14);
    expect(Math.abs(score - row.score!)).toBeLessThanOrEqual(tolerance);
    const { isPValue, threshold } = EVIDENTLY_METHODS[row.test];
    expect(threshold).toBe(row.threshold);
    expect(isPValue ? score <= threshold : score >= threshold).toBe(row.drifted);
  },
);

test.each(table.results.filter((row) => PERMUTATIONS[row.test]))(
  '$test on $case: within permutation noise',
  (row) => {
    const runs = PERMUTATIONS[row.test]!;
    const p = Math.min(0.99, Math.max(0.01, row.score!));
    const noise = 5 * Math.sqrt((2 * p * (1 - p)) / runs);
    expect(Math.abs(scoreOf(row)! - row.score!)).toBeLessThanOrEqual(noise);
  },
);

test.each(table.results.filter((row) => row.error !== undefined))(
  '$test on $case: no score where Evidently raises',
  (row) => {
    expect(scoreOf(row)).toBeNull();
  },
);

test('where scipy loses the tail of Cramer-von Mises our own p keeps falling with the exact KS', () => {
  const { reference, current } = table.inputs['elec[vicprice] rows 0..999 vs 40000..40999'];
  const [a, b] = [reference as number[], current as number[]];
  expect(cramerVonMises(a, b)!.pValue).toBeLessThan(1e-100);
  expect(kolmogorovSmirnov(a, b)!.pValue).toBeLessThan(1e-100);
});
