import type { SamplerOptions } from '../../../shared/learn/search/samplers.ts';
import { createStudy } from '../../../shared/learn/search/study.ts';
import { readReference } from '../../parity/reference-data.ts';
import type { SearchFunction } from './search-functions.ts';

export const TRIALS = 100;
const MICROSECONDS_PER_MS = 1000;

export type SearchRun = {
  best: number;
  /** Processor time of the suggestion after the last trial. */
  suggestionMs: number;
};

/** A search of 100 trials, one at a time. */
export function runSearch(
  { space, value }: SearchFunction,
  sampler: SamplerOptions,
  seed: number,
): SearchRun {
  const study = createStudy({ space, directions: ['minimize'], sampler, seed });
  let best = Number.POSITIVE_INFINITY;
  for (let trial = 0; trial < TRIALS; trial++) {
    const loss = value(study.ask().parameters);
    best = Math.min(best, loss);
    study.tell(trial, { values: [loss] });
  }
  const before = process.cpuUsage();
  study.ask();
  const { user, system } = process.cpuUsage(before);
  return { best, suggestionMs: (user + system) / MICROSECONDS_PER_MS };
}

type StoredRow = { sampler: string; fn: string; values: number[] };
type Stored = Record<string, { results: StoredRow[] }>;

/** Best values of Optuna after 100 trials, 20 seeds. */
export function storedBests(version: string, sampler: string, name: string): number[] {
  const stored: Stored = JSON.parse(readReference('conformance/hpo-optuna.json'));
  const row = stored[version].results.find((each) => each.sampler === sampler && each.fn === name);
  if (row === undefined) throw new Error(`No ${sampler} on ${name} of Optuna ${version}`);
  return row.values;
}
