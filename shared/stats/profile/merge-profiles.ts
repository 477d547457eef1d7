import type {
  Agreement,
  ColumnProfile,
  ErrorSums,
  Profile,
  Sums,
} from '../../contracts/profile.ts';
import { addColumnProfile } from './column-profile.ts';
import { addScores, createScores } from './score-counts.ts';

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
  if (from.scores) into.scores = addScores(into.scores ?? createScores(), from.scores);
  into.intervals.n += from.intervals.n;
  into.intervals.missed += from.intervals.missed;
  mergeParts(into, from);
  return into;
}

/** What few profiles have. */
function mergeParts(into: Profile, from: Profile): void {
  for (const [backend, column] of Object.entries(from.backends)) {
    if (Object.hasOwn(into.backends, backend)) addColumnProfile(into.backends[backend], column);
    else into.backends[backend] = copyOf(column);
  }
  for (const [group, sums] of Object.entries(from.groups)) {
    if (Object.hasOwn(into.groups, group)) addSums(into.groups[group], sums);
    else into.groups[group] = { ...sums };
  }
  for (const [name, sums] of Object.entries(from.business)) {
    const own = Object.hasOwn(into.business, name) ? into.business[name] : NO_SUMS;
    into.business[name] = {
      n: own.n + sums.n,
      sum: own.sum + sums.sum,
      sumSquares: own.sumSquares + sums.sumSquares,
    };
  }
  if (from.agreement) {
    if (into.agreement) addAgreement(into.agreement, from.agreement);
    else into.agreement = { ...from.agreement, absolute: copyOf(from.agreement.absolute) };
  }
}

const NO_SUMS: Sums = { n: 0, sum: 0, sumSquares: 0 };

function addAgreement(into: Agreement, from: Agreement): void {
  into.n += from.n;
  into.agreeing += from.agreeing;
  into.sumDifference += from.sumDifference;
  into.sumSquares += from.sumSquares;
  addColumnProfile(into.absolute, from.absolute);
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
