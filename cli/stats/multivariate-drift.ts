import { createRng, shuffle } from '../../shared/core/rng.ts';
import { domainClassifier } from '../../shared/learn/drift/domain-classifier.ts';
import { shorten } from '../../shared/report/escape.ts';
import { chanceText, numberText } from '../../shared/report/number-text.ts';
import type { CorrelationChange } from '../../shared/stats/drift/correlation-change.ts';
import { rankCorrelationChanges } from '../../shared/stats/drift/rank-correlations.ts';
import {
  fitReconstruction,
  reconstructionErrors,
} from '../../shared/stats/drift/reconstruction.ts';
import { mannWhitney } from '../../shared/stats/tests/mann-whitney.ts';
import { type Table, takeRows } from '../../shared/table/table.ts';
import type { TextColumns } from './read-columns.ts';
import { tablesOf } from './table-of-columns.ts';

/** Methods that see all columns together: relations between them that no column shows alone. */
export const MULTIVARIATE_METHODS = ['domain_classifier', 'reconstruction', 'correlation'] as const;
export type MultivariateMethod = (typeof MULTIVARIATE_METHODS)[number];

export type MultivariateDrift = {
  method: MultivariateMethod;
  /**
   * ROC-AUC of telling current from reference; chance that a current row is rebuilt worse than a reference row;
   * change of the rank correlation that changed most surely.
   */
  statistic: number | null;
  pValue: number | null;
  threshold: number;
  drifted: boolean | null;
  /** Of `correlation`: the pairs of columns whose relation is another, the surest first. */
  pairs?: CorrelationChange[];
};

/** The domain classifier fits nine small models: beyond this many rows a side, a sample of them. */
const MAX_ROWS = 20_000;
/** Rows and folds are drawn from this: the same files give the same answer. */
const SEED = 20_261_121;

/** Drift of all columns together by each method, p adjusted for their number. */
export function multivariateDrift(
  files: { reference: TextColumns; current: TextColumns },
  { methods, alpha }: { methods: readonly MultivariateMethod[]; alpha: number },
): MultivariateDrift[] {
  const { reference, current } = tablesOf(files, { except: [] });
  const tables = { reference: sampled(reference), current: sampled(current) };
  return methods.map((method) => {
    const told = METHODS[method](tables);
    const pValue = told && Math.min(1, told.pValue * methods.length);
    return {
      method,
      statistic: told?.statistic ?? null,
      pValue,
      threshold: alpha,
      drifted: pValue === null ? null : pValue <= alpha,
      ...(told?.pairs ? { pairs: changedPairs(told.pairs, alpha / methods.length) } : {}),
    };
  });
}

/** Pairs that are told: a table of hundreds of columns has too many. */
const MAX_PAIRS = 50;

const changedPairs = (pairs: readonly CorrelationChange[], alpha: number): CorrelationChange[] =>
  pairs.filter(({ adjustedPValue }) => adjustedPValue <= alpha).slice(0, MAX_PAIRS);

type Tables = { reference: Table; current: Table };
type Told = { statistic: number; pValue: number; pairs?: CorrelationChange[] } | null;

const METHODS: Record<MultivariateMethod, (tables: Tables) => Told> = {
  domain_classifier: classified,
  reconstruction: rebuilt,
  correlation: related,
};

function classified(tables: Tables): Told {
  const drift = domainClassifier(tables, createRng(SEED));
  return drift && { statistic: drift.rocAuc, pValue: drift.pValue };
}

/** Learned on half of the reference, so that its other half is as new to it as the current rows are. */
function rebuilt({ reference, current }: Tables): Told {
  const [before, now] = [completeRows(reference), completeRows(current)];
  if (before.length < 4 || now.length < 2 || before[0].length < 2) return null;
  shuffle(before, createRng(SEED));
  const half = before.length >> 1;
  const model = fitReconstruction(before.slice(0, half));
  if (!model) return null;
  const held = reconstructionErrors(model, before.slice(half));
  const fresh = reconstructionErrors(model, now);
  const test = mannWhitney(fresh, held);
  return test && { statistic: test.statistic / (fresh.length * held.length), pValue: test.pValue };
}

/** Which columns move together otherwise than they did. */
function related({ reference, current }: Tables): Told {
  const columnsOf = (table: Table) =>
    new Map(
      table.columns.flatMap((column) =>
        column.type === 'number' ? [[column.name, column.values] as const] : [],
      ),
    );
  const pairs = rankCorrelationChanges(columnsOf(reference), columnsOf(current));
  if (pairs.length === 0) return null;
  const pValue = Math.min(...pairs.map(({ adjustedPValue }) => adjustedPValue));
  return { statistic: pairs[0].current - pairs[0].reference, pValue, pairs };
}

/** The number columns of rows in which none is missing. */
function completeRows(table: Table): number[][] {
  const columns = table.columns.flatMap((column) =>
    column.type === 'number' ? [column.values] : [],
  );
  const rows: number[][] = [];
  for (let row = 0; row < table.rows && columns.length > 0; row++) {
    const values = columns.map((column) => column[row]);
    if (values.every(Number.isFinite)) rows.push(values);
  }
  return rows;
}

function sampled(table: Table): Table {
  if (table.rows <= MAX_ROWS) return table;
  const step = table.rows / MAX_ROWS;
  const rows = Uint32Array.from({ length: MAX_ROWS }, (_, i) => Math.floor(i * step));
  return takeRows(table, rows);
}

const MEANS: Record<Exclude<MultivariateMethod, 'correlation'>, string> = {
  domain_classifier: 'a classifier tells current rows from reference rows with ROC-AUC',
  reconstruction:
    'a current row is rebuilt worse from the main directions than a reference row with chance',
};

/** What a method found, in words. */
export function describeMultivariate(drift: MultivariateDrift): string {
  const { method, statistic, pValue, drifted } = drift;
  if (drifted === null) return `All columns together, ${method}: too little data.`;
  const verdict = `All columns together, ${method}: ${drifted ? 'drifted' : 'no drift'}`;
  if (method === 'correlation') return `${verdict}; ${relationText(drift)}`;
  return `${verdict}; ${MEANS[method]} ${numberText(statistic)} (0.5 by chance, p ${chanceText(pValue)}).`;
}

function relationText({ pairs = [], pValue }: MultivariateDrift): string {
  if (pairs.length === 0)
    return `no two columns move together otherwise than before (p ${chanceText(pValue)}).`;
  const named = pairs.slice(0, 3).map(({ pair, reference, current }) => {
    const change = `${numberText(reference)} to ${numberText(current)}`;
    return `${shorten(pair, 80)} (rank correlation ${change})`;
  });
  const more = pairs.length > named.length ? ` and ${pairs.length - named.length} more pairs` : '';
  return `these move together otherwise: ${named.join(', ')}${more} (p ${chanceText(pValue)}).`;
}
