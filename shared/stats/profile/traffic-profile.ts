import type { Task } from '../../contracts/declaration.ts';
import type {
  ColumnProfile,
  ErrorSums,
  NumberProfile,
  Profile,
  ReferenceProfile,
} from '../../contracts/profile.ts';
import { LATENCY_EDGES_MS } from '../../contracts/profile.ts';
import type { IncidentEvent, OutcomeEvent, PredictionEvent } from '../../contracts/telemetry.ts';
import { addCategory, addNumber, createColumnProfile } from './column-profile.ts';
import { addScore, createScores } from './score-counts.ts';

/**
 * An empty profile of one version's traffic, in the bins of that version's reference.
 * With null (no version assigned, or reference unknown) features and answers are not counted.
 * @param task of a classifier outcomes are counted by probability too
 */
export function createProfile(
  reference: ReferenceProfile | null,
  task: Task['type'] = 'regression',
): Profile {
  const inputs: Record<string, ColumnProfile> = {};
  for (const [name, column] of Object.entries(reference?.inputs ?? {}))
    inputs[name] = createColumnProfile(column);
  return {
    predictions: { model: 0, fallback: 0 },
    reasons: {},
    incidents: {},
    exposures: 0,
    warnings: 0,
    latencyMs: createColumnProfile({ type: 'number', edges: LATENCY_EDGES_MS }),
    inputs,
    prediction: reference ? createColumnProfile(reference.prediction as NumberProfile) : null,
    outcomes: { model: createErrorSums(), fallback: createErrorSums() },
    scores: task === 'binary' ? createScores() : null,
    intervals: { n: 0, missed: 0 },
    backends: {},
    groups: {},
    business: {},
    agreement: null,
  };
}

export const createErrorSums = (): ErrorSums => ({
  n: 0,
  sumError: 0,
  sumAbsolute: 0,
  sumSquares: 0,
  sumFourth: 0,
  sumTarget: 0,
  sumTargetSquares: 0,
});

/**
 * Counts one prediction in place. Latency and answer are counted for model answers only.
 * A feature that the event leaves out, or whose type is not the reference's, counts as missing;
 * an event without `features` says nothing about inputs.
 */
export function addPrediction(profile: Profile, event: PredictionEvent): void {
  if (event.source === 'model') {
    profile.predictions.model++;
    addNumber(profile.latencyMs, event.latencyMs);
    if (event.backend) addBackend(profile, event.backend, event.latencyMs);
    if (profile.prediction) addNumber(profile.prediction, event.value);
  } else {
    profile.predictions.fallback++;
    const reason = event.reason ?? 'runtime';
    profile.reasons[reason] = (profile.reasons[reason] ?? 0) + 1;
  }
  if (event.warnings) profile.warnings += event.warnings;
  if (event.features) addFeatures(profile.inputs, event.features);
}

function addFeatures(
  inputs: Profile['inputs'],
  features: Record<string, number | string | null>,
): void {
  for (const name in inputs) {
    const column = inputs[name];
    const value = features[name];
    if (column.type === 'number') addNumber(column, typeof value === 'number' ? value : null);
    else addCategory(column, typeof value === 'string' ? value : null);
  }
}

/** Counts one latency of one backend, in place. */
export function addBackend(profile: Profile, backend: string, latencyMs: number): void {
  const bins = { type: 'number', edges: LATENCY_EDGES_MS } as const;
  profile.backends[backend] ??= createColumnProfile(bins);
  addNumber(profile.backends[backend], latencyMs);
}

type CountedOutcome = Pick<OutcomeEvent, 'value' | 'predicted' | 'source' | 'group'>;
/** A version's interval: predicted + lower .. predicted + upper. */
export type Interval = { lower: number; upper: number };

/**
 * Counts what really happened to one prediction, in place; a group, an interval and scores are the model's alone.
 * @param outcome of a classifier: `value` 0 or 1, `predicted` in [0, 1]
 */
export function addOutcome(
  profile: Profile,
  outcome: CountedOutcome,
  interval: Interval | null = null,
): void {
  addError(profile.outcomes[outcome.source], outcome);
  if (outcome.source !== 'model') return;
  if (profile.scores) addScore(profile.scores, outcome.predicted, outcome.value === 1);
  if (outcome.group) {
    profile.groups[outcome.group] ??= createErrorSums();
    addError(profile.groups[outcome.group], outcome);
  }
  if (!interval) return;
  const error = outcome.value - outcome.predicted;
  profile.intervals.n++;
  if (error < interval.lower || error > interval.upper) profile.intervals.missed++;
}

function addError(sums: ErrorSums, { value, predicted }: CountedOutcome): void {
  const error = value - predicted;
  const square = error * error;
  sums.n++;
  sums.sumError += error;
  sums.sumAbsolute += Math.abs(error);
  sums.sumSquares += square;
  sums.sumFourth += square * square;
  sums.sumTarget += value;
  sums.sumTargetSquares += value * value;
}

/** Counts one incident by its kind, in place. */
export function addIncident(profile: Profile, incident: Pick<IncidentEvent, 'kind'>): void {
  profile.incidents[incident.kind] = (profile.incidents[incident.kind] ?? 0) + 1;
}

/** Counts one exposure, in place. */
export function addExposure(profile: Profile): void {
  profile.exposures++;
}
