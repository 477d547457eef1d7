import type { ColumnProfile, ErrorSums, Profile } from '../../contracts/profile.ts';
import { addColumnProfile } from './column-profile.ts';

/**
 * Adds `from` to `into` in place and returns `into`; `from` is left alone. Both must come from the
 * same reference. Where only one side knows an input's bins, the merged profile takes them.
 * Exactly associative and commutative on counts, to rounding on sums.
 */
export function mergeProfiles(into: Profile, from: Profile): Profile {
  into.predictions.model += from.predictions.model;
  into.predictions.fallback += from.predictions.fallback;
  addCounts(into.reasons, from.reasons);
  addCounts(into.incidents, from.incidents);
  into.exposures += from.exposures;
  into.warnings += from.warnings;
  addColumnProfile(into.latencyMs, from.latencyMs);
  for (const [name, column] of Object.entries(from.inputs)) {
    if (Object.hasOwn(into.inputs, name)) addColumnProfile(into.inputs[name], column);
    else into.inputs[name] = copyOf(column);
  }
  if (from.prediction) {
    if (into.prediction) addColumnProfile(into.prediction, from.prediction);
    else into.prediction = copyOf(from.prediction);
  }
  addSums(into.outcomes.model, from.outcomes.model);
  addSums(into.outcomes.fallback, from.outcomes.fallback);
  return into;
}

/** The bins stay shared: nothing writes to them. */
function copyOf<T extends ColumnProfile>(column: T): T {
  return { ...column, counts: [...column.counts] };
}

function addCounts(into: Record<string, number>, from: Record<string, number>): void {
  for (const [name, count] of Object.entries(from)) into[name] = (into[name] ?? 0) + count;
}

function addSums(into: ErrorSums, from: ErrorSums): void {
  into.n += from.n;
  into.sumError += from.sumError;
  into.sumAbsolute += from.sumAbsolute;
  into.sumSquares += from.sumSquares;
  into.sumFourth += from.sumFourth;
  into.sumTarget += from.sumTarget;
  into.sumTargetSquares += from.sumTargetSquares;
}
