import { chanceSteps, type ThresholdRule } from '../../stats/fairness/threshold-optimiser.ts';
import type { ColumnSpec } from '../../table/table.ts';
import type { FittedEnsemble, Predictor } from '../ensemble/fitted-ensemble.ts';
import { type Branch, branchEstimator } from './branch-tree.ts';
import { groupPlaces, placeOf } from './group-places.ts';
import { jointGroup } from './sensitive-groups.ts';

/** Columns of what the last tree reads: the score, then a place for each column that tells groups. */
const SCORE = 0;
const FIRST_PLACE = 1;

/** Of a row of a group that was never seen: as the model decides without groups. */
const WITHOUT_GROUP: Branch = { column: SCORE, threshold: 0.5, low: 0, high: 1 };

/** An input that tells groups, and the values that training rows had, missing ones among them. */
export type GroupColumn = { spec: ColumnSpec; values: readonly string[] };

/**
 * A model whose answer is the chance of yes under its group's rule: a stack of the model itself, of which value each
 * column has, and of one tree over them.
 * @param columns inputs of the model that together tell the group
 * @param rules by group. @see jointGroup
 */
export function withGroupThresholds(
  model: Predictor,
  columns: readonly GroupColumn[],
  rules: ReadonlyMap<string, ThresholdRule>,
): FittedEnsemble {
  const { task, inputs, classes } = model;
  const final = branchEstimator(valueBranch([], columns, rules));
  return {
    ...{ type: 'ensemble', task, inputs, classes },
    members: [model, ...columns.map(({ spec, values }) => groupPlaces(model, spec, values))],
    combine: { type: 'stack', final },
  };
}

/** Parts the rows by the next column's value, and at last by the rule of their group. */
function valueBranch(
  known: readonly string[],
  columns: readonly GroupColumn[],
  rules: ReadonlyMap<string, ThresholdRule>,
): Branch {
  if (known.length === columns.length) {
    const rule = rules.get(jointGroup(known));
    return rule === undefined ? WITHOUT_GROUP : ruleBranch(rule);
  }
  const column = FIRST_PLACE + known.length;
  const { values } = columns[known.length];
  const between = (place: number): number =>
    (placeOf(place - 1, values.length) + placeOf(place, values.length)) / 2;
  const parted = values.reduceRight<Branch>(
    (above, value, place) => ({
      ...{ column, threshold: between(place + 1) },
      ...{ low: valueBranch([...known, value], columns, rules), high: above },
    }),
    WITHOUT_GROUP,
  );
  return { column, threshold: between(0), low: WITHOUT_GROUP, high: parted };
}

function ruleBranch(rule: ThresholdRule): Branch {
  const { thresholds, chances } = chanceSteps(rule);
  return thresholds.reduceRight<Branch>(
    (above, threshold, i) => ({ column: SCORE, threshold, low: chances[i], high: above }),
    chances[chances.length - 1],
  );
}
