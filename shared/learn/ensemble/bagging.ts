import { createRng } from '../../core/rng.ts';
import { fitPipeline, type PipelineChoice } from '../pipeline.ts';
import { type PipelineData, takeData } from '../pipeline-data.ts';
import { ensembleOf, normalised } from './fit-members.ts';
import type { FittedEnsemble } from './fitted-ensemble.ts';

export type BaggingOptions = {
  nEstimators: number;
  /** Rows drawn with replacement, as a share of all. */
  maxSamples: number;
  seed: number;
};

/**
 * One choice fitted on many bootstrap samples and averaged (Breiman 1996). scikit-learn 1.2's
 * BaggingClassifier and BaggingRegressor. A sample that lacks a class is drawn again, ten times at most.
 */
export function fitBagging(
  data: PipelineData,
  choice: PipelineChoice,
  { nEstimators, maxSamples, seed }: BaggingOptions,
): FittedEnsemble {
  const members = Array.from({ length: nEstimators }, (_, i) => {
    const rng = createRng(seed + i);
    return fitPipeline(takeData(data, drawRows(data, { maxSamples, rng })), choice, { rng });
  });
  const weights = normalised(members.map(() => 1));
  return ensembleOf(data, members, { type: 'average', weights });
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
