import { chanceSteps, type ThresholdRule } from '../../stats/fairness/threshold-optimiser.ts';
import type { ColumnSpec } from '../../table/table.ts';
import type { FittedEnsemble, Predictor } from '../ensemble/fitted-ensemble.ts';
import { type Branch, branchEstimator } from './branch-tree.ts';
import { groupPlaces, placeOf } from './group-places.ts';

/** Columns of what the last tree reads. */
const SCORE = 0;
const PLACE = 1;

/** Of a row of a group that was never seen: as the model decides without groups. */
const WITHOUT_GROUP: Branch = { column: SCORE, threshold: 0.5, low: 0, high: 1 };

/**
 * A model whose answer is the chance of yes under its group's rule: a stack of the model itself, of which group the
 * row belongs to, and of one tree over both.
 * @param column an input of the model, whose values are the groups
 */
export function withGroupThresholds(
  model: Predictor,
  column: ColumnSpec,
  rules: ReadonlyMap<string, ThresholdRule>,
): FittedEnsemble {
  const groups = [...rules.keys()];
  const { task, inputs, classes } = model;
  const root = groups.reduceRight<Branch>(
    (above, name, group) => ({
      column: PLACE,
      threshold: (placeOf(group, groups.length) + placeOf(group + 1, groups.length)) / 2,
      ...{ low: ruleBranch(rules.get(name)!), high: above },
    }),
    WITHOUT_GROUP,
  );
  const half = placeOf(0, groups.length) / 2;
  const known: Branch = { column: PLACE, threshold: half, low: WITHOUT_GROUP, high: root };
  return {
    ...{ type: 'ensemble', task, inputs, classes },
    members: [model, groupPlaces(model, column, groups)],
    combine: { type: 'stack', final: branchEstimator(known) },
  };
}

function ruleBranch(rule: ThresholdRule): Branch {
  const { thresholds, chances } = chanceSteps(rule);
  return thresholds.reduceRight<Branch>(
    (above, threshold, i) => ({ column: SCORE, threshold, low: chances[i], high: above }),
    chances[chances.length - 1],
  );
}
