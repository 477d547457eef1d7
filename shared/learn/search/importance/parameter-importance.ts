import { createRng } from '../../../core/rng.ts';
import { coordinateOf, type Domain, domainsOf, isSingle, toUnit } from '../domain.ts';
import type { SearchSpace } from '../space.ts';
import type { Trial } from '../trial.ts';
import { marginalShares } from './marginal-variance.ts';
import { permutationShares } from './permutation-shares.ts';
import { fitRegressionForest } from './regression-forest.ts';

/** By parameter, shares that sum to 1 (0 each where nothing varies), largest first. */
export type Importances = { parameter: string; importance: number }[];

export type ImportanceOptions = {
  /** 'fanova': variance that the parameter alone explains. 'permutation': error when shuffled. */
  method: 'fanova' | 'permutation';
  seed: number;
  /** Which objective. */
  objective?: number;
  /** Whose importance; default: the parameters that every complete trial has. */
  parameters?: readonly string[];
};

/**
 * What the objective depends on, by a random forest over the complete trials that have all the
 * parameters asked for. Null with fewer than two such trials, or no parameter that varies.
 * Source: Hutter, Hoos, Leyton-Brown (2014), functional ANOVA; Breiman (2001), permutation.
 * Reference implementation: Optuna 5.0.0 (`FanovaImportanceEvaluator`).
 */
export function parameterImportances(
  { space, trials }: { space: SearchSpace; trials: readonly Trial[] },
  { method, seed, objective = 0, parameters }: ImportanceOptions,
): Importances | null {
  const complete = trials.filter(({ state }) => state === 'complete');
  const domains = domainsOf(space).filter((domain) => !isSingle(domain));
  const asked = domains.filter(({ name }) =>
    parameters === undefined
      ? complete.every((trial) => name in trial.parameters)
      : parameters.includes(name),
  );
  const kept = complete.filter((trial) => asked.every(({ name }) => name in trial.parameters));
  if (kept.length < 2 || asked.length === 0) return null;
  const rows = kept.map((trial) => unitRow(asked, trial));
  const targets = Float64Array.from(kept, (trial) => trial.values?.[objective] ?? 0);
  const rng = createRng(seed);
  const forest = fitRegressionForest(rows, targets, { rng });
  const shares =
    method === 'fanova'
      ? marginalShares(forest, asked.length)
      : permutationShares(forest, rows, { targets, rng });
  return asked
    .map(({ name }, i) => ({ parameter: name, importance: shares[i] }))
    .sort((a, b) => b.importance - a.importance);
}

const unitRow = (domains: readonly Domain[], trial: Trial): Float64Array =>
  Float64Array.from(domains, (domain) =>
    toUnit(domain, coordinateOf(domain, trial.parameters[domain.name])),
  );
