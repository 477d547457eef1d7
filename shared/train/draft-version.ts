import type { Declaration } from '../contracts/declaration.ts';
import type { Manifest, Row } from '../contracts/manifest.ts';
import { createRng } from '../core/rng.ts';
import { utf8 } from '../core/utf8.ts';
import { objectiveLoss } from '../learn/automl/objective.ts';
import { permutationImportance } from '../learn/explain/permutation-importance.ts';
import { answersOf } from '../onnx/runtime/answers.ts';
import { buildReferenceProfile, type ReferenceColumn } from '../stats/profile/reference-profile.ts';
import type { Column, Table } from '../table/table.ts';
import { baselineOf } from './baseline.ts';
import { evaluateFallback } from './evaluate-model.ts';
import { modelMetrics } from './model-metrics.ts';
import { answeredProbe, probeRowsOf, tableOfRows } from './probe-rows.ts';
import { residualInterval } from './residual-interval.ts';

export type FileRole = Manifest['files'][number]['role'];

/** A version before its files are hashed. */
export type VersionDraft = {
  manifest: Omit<Manifest, 'files'>;
  files: Record<FileRole, Uint8Array<ArrayBuffer>>;
};

/** A model, whoever made it: its file, and what runs it. */
export type RunnableModel = {
  bytes: Uint8Array<ArrayBuffer>;
  format: Manifest['format'];
  /** Its output, [rows, 1], or of a classifier [rows, 2] with the positive class last. */
  predict(table: Table): Float32Array | Promise<Float32Array>;
};

export type DraftOptions = {
  model: RunnableModel;
  declaration: Declaration;
  /** Null where no heuristic code is at hand. */
  fallback: ((row: Row) => number) | null;
  /** Rows that are representative of what the model is for; both classes of a binary task. */
  table: Table;
  /** Answers to `table` by models that had not seen the row; null: the model's own. */
  outOfFold: Float32Array | null;
  /** Rows that no training has seen, both classes of a binary task; null when there are none. */
  test: Table | null;
  version: string;
  /** ISO 8601. */
  createdAt: string;
  lineage: Manifest['lineage'];
};

const INTERVAL_LEVEL = 0.9;
const REFERENCE_EDGES = 15;
const IMPORTANCE_ROWS = 2000;

/**
 * Writes down everything that is known about a model, by running it: metrics, importances, probe rows,
 * the reference profile. The model may come from anywhere.
 */
export async function draftVersion(options: DraftOptions): Promise<VersionDraft> {
  const { model, declaration, table } = options;
  const answer = async (rows: Table) => answersOf(await model.predict(rows), rows.rows);
  const outOfFold = options.outOfFold ?? (await answer(table));
  const probe = probeRowsOf(declaration.inputs, table);
  const probeAnswers = await answer(tableOfRows(declaration.inputs, probe));
  return {
    manifest: await manifestOf(options, outOfFold, answer),
    files: {
      model: model.bytes,
      reference: jsonBytes(referenceOf(table, outOfFold)),
      probe: jsonBytes(answeredProbe(probe, probeAnswers)),
      declaration: jsonBytes(declaration),
    },
  };
}

async function manifestOf(
  options: DraftOptions,
  outOfFold: Float32Array,
  answer: (table: Table) => Promise<Float32Array>,
): Promise<VersionDraft['manifest']> {
  const { declaration, table, test, fallback } = options;
  const { task, target } = declaration;
  const measured = test ?? table;
  return {
    schemaVersion: 1,
    model: declaration.id,
    version: options.version,
    createdAt: options.createdAt,
    task,
    format: options.model.format,
    inputs: declaration.inputs,
    target: { name: target.name, label: target.label, unit: target.unit },
    interval:
      task.type === 'regression' ? residualInterval(table.target, outOfFold, INTERVAL_LEVEL) : null,
    baseline: baselineOf(table),
    importance: await importanceOf(options, measured),
    metrics: {
      crossValidation: modelMetrics(task, table.target, outOfFold),
      test: test && modelMetrics(task, test.target, await answer(test)),
      fallback: fallback && evaluateFallback(fallback, measured, task),
    },
    lineage: options.lineage,
  };
}

/** UTF-8 of a value's JSON. */
export const jsonBytes = (value: unknown): Uint8Array<ArrayBuffer> =>
  utf8(JSON.stringify(value)) as Uint8Array<ArrayBuffer>;

const importanceOf = (
  { model, declaration: { objective, task }, lineage }: DraftOptions,
  table: Table,
): Promise<Record<string, number>> =>
  permutationImportance(
    table,
    async (rows) => {
      const answers = answersOf(await model.predict(rows), rows.rows);
      const outputs = task.type === 'binary' ? bothShares(answers) : answers;
      return objectiveLoss(objective, rows.target, outputs);
    },
    { rng: createRng(lineage.seed), maxRows: IMPORTANCE_ROWS },
  );

/** Of two classes, whichever way a model says it. */
const bothShares = (positive: Float32Array): Float32Array =>
  Float32Array.from({ length: 2 * positive.length }, (_, at) =>
    at % 2 === 0 ? 1 - positive[at / 2] : positive[(at - 1) / 2],
  );

const referenceOf = (table: Table, outOfFold: Float32Array) =>
  buildReferenceProfile({
    inputs: Object.fromEntries(
      table.columns.map((column) => [column.name, referenceColumn(column)]),
    ),
    prediction: outOfFold,
    target: table.target,
    maxEdges: REFERENCE_EDGES,
  });

function referenceColumn(column: Column): ReferenceColumn {
  if (column.type === 'number') return { type: 'number', values: column.values };
  const { codes, dictionary, declared } = column;
  return {
    type: 'category',
    values: Array.from(codes, (code) => (code < 0 ? null : dictionary[code])),
    categories: dictionary.slice(0, declared),
  };
}
