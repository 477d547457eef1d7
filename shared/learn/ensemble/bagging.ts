import { ok, type Result } from '../../core/result.ts';
import { createRng } from '../../core/rng.ts';
import type { SplitError } from '../../table/split/split.ts';
import { type PipelineData, takeData } from '../pipeline-data.ts';
import { ensembleOf, type Member, normalised } from './fit-members.ts';
import type { FittedEnsemble, Predictor } from './fitted-ensemble.ts';

export type BaggingOptions = {
  nEstimators: number;
  /** Rows drawn with replacement, as a share of all. */
  maxSamples: number;
  seed: number;
};

/**
 * One member fitted on many bootstrap samples and averaged (Breiman 1996). scikit-learn 1.2's
 * BaggingClassifier and BaggingRegressor. A sample that lacks a class is drawn again, ten times at most.
 */
export function fitBagging(
  data: PipelineData,
  member: Member,
  { nEstimators, maxSamples, seed }: BaggingOptions,
): Result<FittedEnsemble, SplitError> {
  const members: Predictor[] = [];
  for (let i = 0; i < nEstimators; i++) {
    const rows = drawRows(data, { maxSamples, rng: createRng(seed + i) });
    const fitted = member(takeData(data, rows), seed + i);
    if (!fitted.ok) return fitted;
    members.push(fitted.value);
  }
  const weights = normalised(members.map(() => 1));
  return ok(ensembleOf(data, members, { type: 'average', weights }));
}

const DRAWS = 10;

function drawRows(
  { table, classes }: PipelineData,
  { maxSamples, rng }: { maxSamples: number; rng: () => number },
): Uint32Array {
  const drawn = new Uint32Array(Math.max(1, Math.round(maxSamples * table.rows)));
  for (let draw = 0; draw < DRAWS; draw++) {
    for (let i = 0; i < drawn.length; i++) drawn[i] = Math.floor(rng() * table.rows);
    const found = new Set(Array.from(drawn, (row) => table.target[row]));
    if (classes.length === 0 || found.size === classes.length) break;
  }
  return drawn;
}
