import type { Rng } from '../../core/rng.ts';
import { benjaminiHochberg } from '../multiple-testing.ts';
import {
  compareSamples,
  type DriftMethod,
  describeSamples,
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
import { type JudgedShare, judgeShares } from './share-changes.ts';

export type ColumnDrift = {
  column: string;
  type: 'number' | 'category';
  /** Values that are not missing. */
  nReference: number;
  nCurrent: number;
  results: (MethodResult & { threshold: number; drifted: boolean | null })[];
  /** How large the change is in the populations, each with a 95 % interval. */
  effects: EffectSize[];
  /** Missing values and unseen categories, told apart from other change; none in Evidently's mode. */
  shares: JudgedShare[];
  /** p of the first method, adjusted over the columns; null where it could not be told. */
  adjustedPValue: number | null;
  /** Null: too little data to tell. */
  drifted: boolean | null;
};

export type TableDrift = {
  /** `share`: of the columns that could be told, those that the current data lack among them, those that drifted. */
  dataset: { drifted: boolean | null; share: number; method: string };
  schema: SchemaChange;
  columns: ColumnDrift[];
};

/** A column of both that is of numbers in one and of text in the other. */
export type RetypedColumn = { column: string; from: 'number' | 'text'; to: 'number' | 'text' };

/** Columns of the reference that the current data do not have, columns that are new in them, and such of other values. */
export type SchemaChange = {
  missing: readonly string[];
  added: readonly string[];
  retyped: readonly RetypedColumn[];
};

export const SAME_SCHEMA: SchemaChange = { missing: [], added: [], retyped: [] };

export type TableColumn = { column: string; pair: SamplePair };

/** Relabellings of methods without a distribution: p is within 0.02 of its value. */
const PERMUTATIONS = 499;

/**
 * Drift of a table, column by column. A column has drifted when the p of its first method, adjusted over the
 * columns (Benjamini and Hochberg), is at most alpha; the dataset has drifted when a column has, and when it has lost one of the
 * reference's. So with nothing changed at most `alpha` of datasets alarm, however many columns they have and whatever the sample sizes.
 */
export function compareTables(
  columns: readonly TableColumn[],
  options: {
    methods: readonly DriftMethod[];
    alpha: number;
    rng: Rng;
    schema?: SchemaChange;
  },
): TableDrift {
  const { alpha, schema } = options;
  const described = columns.map(({ pair }) => describeSamples(pair));
  const shares = judgeShares(
    described.map((column) => column.shares),
    alpha,
  );
  const compared = columns.map(({ column, pair }, i) => ({
    ...factsOf(column, pair),
    ...{ effects: described[i].effects, shares: shares[i] },
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
    { method: 'benjamini-hochberg', minShare: 0, schema },
  );
}

/**
 * The scores and verdicts of Evidently 0.7.21: its own choice of method, thresholds, and half of the columns. A column
 * that the current data lack is told, and changes no verdict.
 */
export function compareTablesAsEvidently(
  columns: readonly TableColumn[],
  options: { methods: readonly EvidentlyMethod[] | 'auto'; rng: Rng; schema?: SchemaChange },
): TableDrift {
  const compared = columns.map(({ column, pair }) => {
    const methods = options.methods === 'auto' ? [evidentlyDefault(pair)] : options.methods;
    const results = methods.map((method) => evidentlyResult(method, pair, options.rng));
    return {
      ...factsOf(column, pair),
      ...{ effects: describeSamples(pair).effects, shares: [] },
      results,
      adjustedPValue: null,
      drifted: results[0].drifted,
    };
  });
  const { schema = SAME_SCHEMA } = options;
  return { ...summarise(compared, { method: 'evidently', minShare: 0.5 }), schema };
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

const factsOf = (column: string, { reference, current }: SamplePair) => ({
  column,
  type: reference.type,
  nReference: reference.values.length,
  nCurrent: current.values.length,
});

/**
 * The dataset has drifted when a column has, and at least `minShare` of those that could be told. A column that the
 * current data lack has drifted.
 */
export function summarise(
  columns: ColumnDrift[],
  rule: { method: string; minShare: number; schema?: SchemaChange },
): TableDrift {
  const { method, minShare, schema = SAME_SCHEMA } = rule;
  const lost = schema.missing.length;
  const known = columns.filter(({ drifted }) => drifted !== null).length + lost;
  const drifting = columns.filter(({ drifted }) => drifted).length + lost;
  const share = known === 0 ? 0 : drifting / known;
  const drifted = known === 0 ? null : drifting > 0 && share >= minShare;
  return { dataset: { drifted, share, method }, schema, columns };
}
