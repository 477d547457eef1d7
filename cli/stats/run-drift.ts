import { assert } from '../../shared/core/assert.ts';
import { ok, type Result } from '../../shared/core/result.ts';
import { createRng } from '../../shared/core/rng.ts';
import { shapeOfSamples } from '../../shared/report/kinds/column-shape.ts';
import { summaryOfSamples } from '../../shared/report/kinds/column-summary.ts';
import { driftReport } from '../../shared/report/kinds/drift-report.ts';
import type { DriftMethod } from '../../shared/stats/drift/compare-samples.ts';
import {
  compareTables,
  compareTablesAsEvidently,
  type SchemaChange,
  type TableColumn,
  type TableDrift,
} from '../../shared/stats/drift/compare-tables.ts';
import {
  EVIDENTLY_METHODS,
  type EvidentlyMethod,
} from '../../shared/stats/drift/evidently-methods.ts';
import { NAMED_METHODS } from '../../shared/stats/drift/named-methods.ts';
import type { Sample } from '../../shared/stats/drift/sample.ts';
import { isMissingWord } from '../../shared/table/cell.ts';
import { type Report, reporting } from '../command.ts';
import type { CliContext } from '../context.ts';
import type { RemoteFlags } from '../credentials.ts';
import { type CliFailure, failed } from '../failure.ts';
import { describeDrift } from './describe-drift.ts';
import {
  describeMultivariate,
  MULTIVARIATE_METHODS,
  type MultivariateMethod,
  multivariateDrift,
} from './multivariate-drift.ts';
import { areNumbers, readColumns, type TextColumns } from './read-columns.ts';
import { serverDrift } from './server-drift.ts';
import { type ReportFlags, writeReport } from './write-report.ts';

export type DriftFlags = RemoteFlags &
  ReportFlags & {
    reference?: string;
    current?: string;
    window: string;
    version?: string;
    methods: string;
    compatibility?: 'evidently';
    /** Share of unchanged datasets that may alarm; 0.05 where left out. */
    alpha?: number;
    json: boolean;
  };

const ALPHA = 0.05;

/** Relabellings are drawn from this: the same files give the same answer. */
const SEED = 20_261_121;

/** Compares two CSV files column by column, or a model's traffic with what it was trained on. */
export const runDrift = reporting<DriftFlags, [string | undefined]>(
  async ({ context, flags }, model) => {
    if (model !== undefined) return driftOfModel(context, flags, model);
    if (flags.reference === undefined || flags.current === undefined)
      return failed('wrong_usage', 'Give --reference and --current, or a MODEL.');
    if (flags.alpha !== undefined && flags.compatibility !== undefined)
      return failed(
        'wrong_usage',
        "--alpha goes with the product's own tests: --compatibility evidently has Evidently's thresholds.",
      );
    const { reference, current } = flags;
    return driftOfFiles(context, flags, { reference, current });
  },
);

async function driftOfModel(
  context: CliContext,
  flags: DriftFlags,
  model: string,
): Promise<Result<Report, CliFailure>> {
  if (flags.reference ?? flags.current ?? flags.compatibility)
    return failed(
      'wrong_usage',
      '--reference, --current and --compatibility go with CSV files, not with a MODEL.',
    );
  const { alpha = ALPHA } = flags;
  const drift = await serverDrift(context, model, { ...flags, alpha });
  if (!drift.ok) return drift;
  const { table, sentence, lookAt } = drift.value;
  const title = `Drift of ${model}`;
  const written = await writeReport(context, flags, () =>
    driftReport(table, { title, subject: sentence, alpha, lookAt }),
  );
  if (!written.ok) return written;
  return ok({ json: table, sentences: [sentence, ...describeDrift(table)] });
}

async function driftOfFiles(
  context: CliContext,
  flags: DriftFlags,
  files: { reference: string; current: string },
): Promise<Result<Report, CliFailure>> {
  const reference = await readColumns(context, files.reference);
  if (!reference.ok) return reference;
  const current = await readColumns(context, files.current);
  if (!current.ok) return current;
  const both = { reference: reference.value, current: current.value };
  const columns = pairColumns(reference.value, current.value);
  const schema = schemaChange(reference.value, current.value);
  if (columns.length === 0)
    return failed('rows', `${files.reference} and ${files.current} have no column in common.`);
  const methods = methodsOf(flags);
  if (!methods.ok) return methods;
  const { alpha = ALPHA } = flags;
  const drift = compare(columns, { ...flags, alpha, schema, methods: methods.value.byColumn });
  const multivariate = multivariateDrift(both, { methods: methods.value.together, alpha });
  const together = multivariate.map((one) => ({
    sentence: describeMultivariate(one),
    drifted: one.drifted,
  }));
  const written = await writeReport(context, flags, () => {
    const pairs = new Map(columns.map(({ column, pair }) => [column, pair]));
    return driftReport(drift, {
      title: `Drift of ${files.current}`,
      subject: `${files.current} (${current.value.rows} rows) against ${files.reference} (${reference.value.rows} rows)`,
      alpha,
      together,
      lookAt: (column) => {
        const pair = pairs.get(column);
        assert(pair, 'a column that was compared has its values');
        return { shape: shapeOfSamples(pair), summary: summaryOfSamples(pair) };
      },
    });
  });
  if (!written.ok) return written;
  const json = multivariate.length > 0 ? { ...drift, multivariate } : drift;
  return ok({
    json,
    sentences: [...describeDrift(drift), ...together.map(({ sentence }) => sentence)],
  });
}

type AskedMethods = { byColumn: string[]; together: MultivariateMethod[] };

/** Which methods look at each column and which at all of them; "all" are those of columns. */
function methodsOf(flags: DriftFlags): Result<AskedMethods, CliFailure> {
  const isEvidently = flags.compatibility === 'evidently';
  const known: readonly string[] = isEvidently ? Object.keys(EVIDENTLY_METHODS) : NAMED_METHODS;
  const named = flags.methods.split(',').map((name) => name.trim());
  const together = MULTIVARIATE_METHODS.filter((method) =>
    named.some((name) => name.replaceAll('-', '_') === method),
  );
  const byColumn = named.filter((name) => !together.some((m) => m === name.replaceAll('-', '_')));
  const unknown = byColumn.find((name) => !['auto', 'all', ...known].includes(name));
  if (unknown !== undefined)
    return failed('wrong_usage', `There is no method "${unknown}".`, [
      `Methods: auto, all, ${[...known, ...MULTIVARIATE_METHODS].join(', ')}`,
    ]);
  const methods = byColumn.flatMap((name) => (name === 'all' ? ['auto', ...known] : [name]));
  return ok({ byColumn: methods.length > 0 ? methods : ['auto'], together });
}

function compare(
  columns: TableColumn[],
  flags: {
    methods: string[];
    alpha: number;
    schema: SchemaChange;
    compatibility?: 'evidently';
  },
): TableDrift {
  const { methods, alpha, schema } = flags;
  const rng = createRng(SEED);
  if (flags.compatibility !== 'evidently')
    return compareTables(columns, { methods: methods as DriftMethod[], alpha, schema, rng });
  const chosen = methods.filter((name) => name !== 'auto') as EvidentlyMethod[];
  return compareTablesAsEvidently(columns, {
    ...{ schema, rng },
    methods: chosen.length > 0 ? chosen : 'auto',
  });
}

function schemaChange(reference: TextColumns, current: TextColumns): SchemaChange {
  const notIn = (other: TextColumns) => (name: string) => !other.columns.has(name);
  return {
    missing: [...reference.columns.keys()].filter(notIn(current)),
    added: [...current.columns.keys()].filter(notIn(reference)),
    retyped: [...reference.columns].flatMap(([column, before]) => {
      const from = typeOf(before);
      const to = typeOf(current.columns.get(column) ?? []);
      return from !== null && to !== null && from !== to ? [{ column, from, to }] : [];
    }),
  };
}

/** Null where every cell is missing, or a word that means so. */
function typeOf(cells: readonly (string | null)[]): 'number' | 'text' | null {
  if (cells.every((cell) => cell === null || isMissingWord(cell))) return null;
  return areNumbers([cells]) ? 'number' : 'text';
}

/** Columns of both files; a column is of numbers when every cell of both is, or means missing. */
function pairColumns(reference: TextColumns, current: TextColumns): TableColumn[] {
  return [...reference.columns].flatMap(([column, before]) => {
    const now = current.columns.get(column);
    if (!now) return [];
    const sample = areNumbers([before, now]) ? numberSample : categorySample;
    return [{ column, pair: { reference: sample(before), current: sample(now) } }];
  });
}

function numberSample(cells: readonly (string | null)[]): Sample {
  const values = Float64Array.from(
    cells.flatMap((cell) => (cell !== null && Number.isFinite(Number(cell)) ? [Number(cell)] : [])),
  );
  return { type: 'number', values, missing: cells.length - values.length };
}

function categorySample(cells: readonly (string | null)[]): Sample {
  const values = cells.flatMap((cell) => cell ?? []);
  return { type: 'category', values, missing: cells.length - values.length };
}
