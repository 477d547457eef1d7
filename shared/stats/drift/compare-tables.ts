import type { Rng } from '../../core/rng.ts';
import { benjaminiHochberg } from '../multiple-testing.ts';
import {
  columnEffects,
  compareSamples,
  type DriftMethod,
  type MethodResult,
} from './compare-samples.ts';
import type { EffectSize } from './effect-size.ts';
import { evidentlyScore } from './evidently.ts';
import {
  EVIDENTLY_METHODS,
  type EvidentlyMethod,
  evidentlyDefault,
  evidentlyVerdict,
} from './evidently-methods.ts';
import type { SamplePair } from './sample.ts';

export type ColumnDrift = {
  column: string;
  type: 'number' | 'category';
  /** Values that are not missing. */
  nReference: number;
  nCurrent: number;
  results: (MethodResult & { threshold: number; drifted: boolean | null })[];
  /** How large the change is in the populations, each with a 95 % interval. */
  effects: EffectSize[];
  /** p of the first method, adjusted over the columns; null where it could not be told. */
  adjustedPValue: number | null;
  /** Null: too little data to tell. */
  drifted: boolean | null;
};

export type TableDrift = {
  dataset: { drifted: boolean | null; share: number; method: string };
  columns: ColumnDrift[];
};

export type TableColumn = { column: string; pair: SamplePair };

/** Relabellings of methods without a distribution: p is within 0.02 of its value. */
const PERMUTATIONS = 499;

/**
 * Drift of a table, column by column. A column has drifted when the p of its first method, adjusted over the
 * columns (Benjamini and Hochberg), is at most alpha; the dataset has drifted when a column has. So with nothing
 * changed at most `alpha` of datasets alarm, however many columns they have and whatever the sample sizes.
 */
export function compareTables(
  columns: readonly TableColumn[],
  options: { methods: readonly DriftMethod[]; alpha: number; rng: Rng },
): TableDrift {
  const { alpha } = options;
  const compared = columns.map(({ column, pair }) => ({
    ...describe(column, pair),
    results: compareSamples(pair, { ...options, permutations: PERMUTATIONS }).map((result) => ({
      ...result,
      threshold: alpha,
      drifted: result.pValue === null ? null : result.pValue <= alpha,
    })),
  }));
  const known = compared.filter(({ results }) => results[0].pValue !== null);
  const adjusted = benjaminiHochberg(known.map(({ results }) => results[0].pValue!));
  const byColumn = new Map(known.map(({ column }, i) => [column, adjusted[i]]));
  return summarise(
    compared.map((column) => {
      const adjustedPValue = byColumn.get(column.column) ?? null;
      return {
        ...column,
        adjustedPValue,
        drifted: adjustedPValue === null ? null : adjustedPValue <= alpha,
      };
    }),
    { method: 'benjamini-hochberg', minShare: 0 },
  );
}

/** The scores and verdicts of Evidently 0.7.21: its own choice of method, thresholds, and half of the columns. */
export function compareTablesAsEvidently(
  columns: readonly TableColumn[],
  options: { methods: readonly EvidentlyMethod[] | 'auto'; rng: Rng },
): TableDrift {
  const compared = columns.map(({ column, pair }) => {
    const methods = options.methods === 'auto' ? [evidentlyDefault(pair)] : options.methods;
    const results = methods.map((method) => evidentlyResult(method, pair, options.rng));
    return {
      ...describe(column, pair),
      results,
      adjustedPValue: null,
      drifted: results[0].drifted,
    };
  });
  return summarise(compared, { method: 'evidently', minShare: 0.5 });
}

function evidentlyResult(
  method: EvidentlyMethod,
  pair: SamplePair,
  rng: Rng,
): ColumnDrift['results'][number] {
  const { threshold, isPValue } = EVIDENTLY_METHODS[method];
  const isEmpty = pair.reference.values.length === 0 || pair.current.values.length === 0;
  const score = isEmpty ? null : evidentlyScore(method, pair, rng);
  return {
    method,
    statistic: score,
    pValue: isPValue ? score : null,
    effectSize: isPValue ? null : score,
    threshold,
    drifted: score === null ? null : evidentlyVerdict(method, score),
  };
}

const describe = (column: string, { reference, current }: SamplePair) => ({
  column,
  type: reference.type,
  nReference: reference.values.length,
  nCurrent: current.values.length,
  effects: columnEffects({ reference, current }),
});

/** The dataset has drifted when a column has, and at least `minShare` of those that could be told. */
export function summarise(
  columns: ColumnDrift[],
  rule: { method: string; minShare: number },
): TableDrift {
  const known = columns.filter(({ drifted }) => drifted !== null);
  const drifting = known.filter(({ drifted }) => drifted).length;
  const share = known.length === 0 ? 0 : drifting / known.length;
  const drifted = known.length === 0 ? null : drifting > 0 && share >= rule.minShare;
  return { dataset: { drifted, share, method: rule.method }, columns };
}
