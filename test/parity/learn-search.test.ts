import { expect, test } from 'vitest';
import type { SamplerOptions } from '../../shared/learn/search/samplers.ts';
import { mannWhitney } from '../../shared/stats/tests/mann-whitney.ts';
import { SEARCH_FUNCTIONS } from '../bench/learn/search-functions.ts';
import { runSearch, storedBests } from '../bench/learn/search-runs.ts';

const SEEDS = 20;
const NAMES = Object.keys(SEARCH_FUNCTIONS);

const bestsOf = (sampler: SamplerOptions, name: string): number[] =>
  Array.from({ length: SEEDS }, (_, seed) => runSearch(SEARCH_FUNCTIONS[name], sampler, seed).best);

/** The same 20 seeds and 100 trials as stored; the bench `tpe` has 100 seeds. */
function expectNotWorse(sampler: SamplerOptions, rival: string, name: string): void {
  const stored = storedBests('optuna-5.0.0.dev', rival, name);
  const worse = mannWhitney(bestsOf(sampler, name), stored, 'greater');
  expect(worse?.pValue).toBeGreaterThan(0.05);
}

test.each(NAMES)('TPE on %s is no worse than Optuna 5’s, multivariate and in groups', (name) => {
  expectNotWorse({ type: 'tpe' }, 'TPE_mv', name);
});

test.each(NAMES)('CMA-ES on %s is no worse than Optuna’s', (name) => {
  expectNotWorse({ type: 'cma-es' }, 'CmaEs', name);
});

test.each(NAMES)('NSGA-II on %s is no worse than Optuna’s', (name) => {
  expectNotWorse({ type: 'nsga-ii' }, 'NSGAII', name);
});

test('random search is as good as Optuna’s: the functions are the same', () => {
  for (const name of NAMES) {
    const stored = storedBests('optuna-5.0.0.dev', 'Random', name);
    const different = mannWhitney(bestsOf({ type: 'random' }, name), stored);
    expect(different?.pValue, name).toBeGreaterThan(0.01);
  }
});

test('the functions have their known minima, and the Gaussian process finds Branin’s', () => {
  const at = (name: string, parameters: Record<string, number | string | boolean>): number =>
    SEARCH_FUNCTIONS[name].value(parameters);
  expect(at('branin', { x: Math.PI, y: 2.275 })).toBeCloseTo(0.397887, 6);
  const peak = { x0: 0.20169, x1: 0.150011, x2: 0.476874, x3: 0.275332, x4: 0.311652, x5: 0.6573 };
  expect(at('hartmann6', peak)).toBeCloseTo(-3.32237, 5);
  expect(runSearch(SEARCH_FUNCTIONS.branin, { type: 'gp' }, 1).best).toBeLessThan(0.3985);
});
