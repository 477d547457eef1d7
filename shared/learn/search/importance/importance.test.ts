import { describe, expect, test } from 'vitest';
import type { SearchSpace } from '../space.ts';
import { createStudy } from '../study.ts';
import { type Importances, parameterImportances } from './parameter-importance.ts';

const SPACE: SearchSpace = {
  big: { type: 'float', low: 0, high: 1 },
  rate: { type: 'float', low: 1e-3, high: 1, log: true },
  kind: { type: 'categorical', choices: ['a', 'b'] },
  idle: { type: 'float', low: 0, high: 1 },
  child: { type: 'float', low: 0, high: 1, when: { parameter: 'kind', in: ['b'] } },
};

function studied(loss: (p: Record<string, number | string>) => number) {
  const study = createStudy({
    space: SPACE,
    directions: ['minimize'],
    sampler: { type: 'random' },
    seed: 3,
  });
  for (let trial = 0; trial < 120; trial++) {
    const parameters = study.ask().parameters as Record<string, number | string>;
    study.tell(trial, { values: [loss(parameters)] });
  }
  return study.state;
}

const sharesOf = (importances: Importances | null): Record<string, number> =>
  Object.fromEntries(
    (importances ?? []).map(({ parameter, importance }) => [parameter, importance]),
  );

const additive = studied(({ big, rate }) => 4 * Number(big) + (Math.log10(Number(rate)) / 3) * 2);

describe.each(['fanova', 'permutation'] as const)('%s', (method) => {
  test('shares of an additive function follow the variances of its terms', () => {
    const shares = sharesOf(parameterImportances(additive, { method, seed: 1 }));
    expect(Math.abs(shares.big - 16 / 20)).toBeLessThan(0.08);
    expect(Math.abs(shares.rate - 4 / 20)).toBeLessThan(0.08);
    expect(shares.idle).toBeLessThan(0.03);
    expect(shares.kind).toBeLessThan(0.03);
    expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
  });

  test('a conditional parameter is judged where it is there', () => {
    const state = studied(({ child, big }) => 3 * Number(child ?? 1) + Number(big));
    const shares = sharesOf(
      parameterImportances(state, { method, seed: 1, parameters: ['child', 'big'] }),
    );
    expect(shares.child).toBeGreaterThan(0.8);
    expect(Object.keys(sharesOf(parameterImportances(state, { method, seed: 1 })))).not.toContain(
      'child',
    );
  });

  test('a flat objective has no importances, and too few trials no answer', () => {
    const flat = studied(() => 1);
    expect(Object.values(sharesOf(parameterImportances(flat, { method, seed: 1 })))).toEqual([
      0, 0, 0, 0,
    ]);
    const none = { space: SPACE, trials: flat.trials.slice(0, 1) };
    expect(parameterImportances(none, { method, seed: 1 })).toBe(null);
  });
});
