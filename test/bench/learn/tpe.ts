import type { SamplerOptions } from '../../../shared/learn/search/samplers.ts';
import { mannWhitney } from '../../../shared/stats/tests/mann-whitney.ts';
import type { TestResult } from '../../../shared/stats/tests/test-result.ts';
import { type Bench, type BenchRow, median } from '../row.ts';
import { SEARCH_FUNCTIONS } from './search-functions.ts';
import { runSearch, storedBests } from './search-runs.ts';

const SEEDS = 100;
const WORSE_BELOW = 0.05;
const BETTER_ON = 4;
const MOST_SUGGESTION_MS = 1;
const OPTUNA_5 = 'optuna-5.0.0.dev';
const OPTUNA_4 = 'optuna-4.5.0';

export const tpe: Bench = { name: 'tpe', run };

type Comparison = {
  function: string;
  median: number;
  rivalMedian: number;
  /** Chance of values so much higher than the rival's if they were alike. */
  worseP: number;
  suggestionMs: number;
  bests: number[];
};

async function run(): Promise<BenchRow> {
  const names = Object.keys(SEARCH_FUNCTIONS);
  const compareAll = (sampler: SamplerOptions, rival: string): Comparison[] =>
    names.map((name) => compare(name, sampler, rival));
  const rows = compareAll({ type: 'tpe' }, 'TPE_mv');
  const cmaEs = compareAll({ type: 'cma-es' }, 'CmaEs');
  const nsga = compareAll({ type: 'nsga-ii' }, 'NSGAII');
  const betterP = rows.map((row) =>
    pValue(mannWhitney(row.bests, storedBests(OPTUNA_4, 'TPE', row.function), 'less')),
  );
  const better = betterP.filter((p) => p < WORSE_BELOW).length;
  const least = (each: Comparison[]): number => Math.min(...each.map((row) => row.worseP));
  const suggestionMs = Math.max(...rows.map((row) => row.suggestionMs));
  const value = least(rows);
  return {
    name: 'tpe',
    question: `Are our searches as good as Optuna’s after 100 trials (${SEEDS} seeds, six functions)?`,
    value,
    unit: 'p of being worse than Optuna 5.0.0.dev’s TPE, least of six',
    bar: '> 0.05; better than 4.5.0’s TPE on >= 4; NSGA-II and CMA-ES > 0.05; <= 1 ms a suggestion',
    holds:
      Math.min(value, least(cmaEs), least(nsga)) > WORSE_BELOW &&
      better >= BETTER_ON &&
      suggestionMs <= MOST_SUGGESTION_MS,
    detail: {
      ...{ suggestionMs, betterThan4Dot5: better, cmaEsP: least(cmaEs), nsgaP: least(nsga) },
      tpe: rows.map((row, i) => ({ ...withoutBests(row), betterP: betterP[i] })),
      ...{ cmaEs: cmaEs.map(withoutBests), nsga: nsga.map(withoutBests) },
    },
  };
}

function compare(name: string, sampler: SamplerOptions, rival: string): Comparison {
  const runs = Array.from({ length: SEEDS }, (_, seed) =>
    runSearch(SEARCH_FUNCTIONS[name], sampler, seed),
  );
  const bests = runs.map(({ best }) => best);
  const stored = storedBests(OPTUNA_5, rival, name);
  return {
    ...{ function: name, median: median(bests), rivalMedian: median(stored), bests },
    worseP: pValue(mannWhitney(bests, stored, 'greater')),
    suggestionMs: median(runs.map((each) => each.suggestionMs)),
  };
}

const withoutBests = ({ bests: _, ...row }: Comparison) => row;

function pValue(result: TestResult | null): number {
  if (result === null) throw new Error('A sample is empty');
  return result.pValue;
}
